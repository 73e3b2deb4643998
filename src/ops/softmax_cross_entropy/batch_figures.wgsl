// The means over a batch, by one workgroup: loss, share of correct characters, share of examples with every character correct.
struct Parameters { B: u32, T: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> measured: array<f32>;
@group(0) @binding(2) var<storage, read_write> figures: array<f32>;

override THREADS: u32 = 64;

var<workgroup> sums: array<vec3f, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = vec3f();
  for (var b = thread; b < p.B; b += THREADS) {
    var loss = 0.0;
    var right = 0.0;
    for (var i = b * p.T; i < (b + 1) * p.T; i++) {
      loss += measured[i];
      right += measured[p.B * p.T + i];
    }
    sum += vec3f(loss, right, select(0.0, 1.0, right == f32(p.T)));
  }
  sums[thread] = sum;
  for (var step = THREADS / 2; step > 0; step /= 2) {
    workgroupBarrier();
    if (thread < step) {
      sums[thread] += sums[thread + step];
    }
  }
  if (thread == 0) {
    let characters = f32(p.B) * f32(p.T);
    figures[0] = sums[0].x / characters;
    figures[1] = sums[0].y / characters;
    figures[2] = sums[0].z / f32(p.B);
  }
}
