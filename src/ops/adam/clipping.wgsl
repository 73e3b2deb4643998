// min(1, clipNorm / ‖all gradients‖) from the sums of squares, by one workgroup.
struct Parameters { count: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
// The sixth value is clipNorm.
@group(0) @binding(2) var<storage, read> rates: array<f32>;
@group(0) @binding(3) var<storage, read_write> clipping: array<f32>;

override THREADS: u32 = 64;

var<workgroup> partial: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = 0.0;
  for (var i = thread; i < p.count; i += THREADS) {
    sum += sums[i];
  }
  partial[thread] = sum;
  for (var step = THREADS / 2; step > 0; step /= 2) {
    workgroupBarrier();
    if (thread < step) {
      partial[thread] += partial[thread + step];
    }
  }
  if (thread == 0) {
    let norm = sqrt(partial[0]);
    clipping[0] = rates[5] / select(rates[5], norm, !(norm <= rates[5])); // NaN stays NaN
  }
}
