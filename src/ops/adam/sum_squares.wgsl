// Sums the squares of a gradient, 4,096 values per workgroup. The sums go to their places among those of all gradients.
struct Parameters { size: u32, first: u32, workgroups: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

const CHUNK = 4096u;
override THREADS: u32 = 64;

var<workgroup> partial: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let chunk = id.y * count.x + id.x;
  if (chunk >= p.workgroups) {
    return;
  }
  var sum = 0.0;
  for (var i = thread; i < CHUNK; i += THREADS) {
    let at = chunk * CHUNK + i;
    if (at < p.size) {
      sum += gradient[at] * gradient[at];
    }
  }
  partial[thread] = sum;
  for (var step = THREADS / 2; step > 0; step /= 2) {
    workgroupBarrier();
    if (thread < step) {
      partial[thread] += partial[thread + step];
    }
  }
  if (thread == 0) {
    sums[p.first + chunk] = partial[0];
  }
}
