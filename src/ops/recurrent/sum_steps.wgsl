// Sums dz (T, B, G H) over time.
struct Parameters { size: u32, steps: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> dz: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

override THREADS: u32 = 64;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let at = (id.y * count.x + id.x) * THREADS + thread;
  if (at >= p.size) {
    return;
  }
  var sum = 0.0;
  for (var i = at; i < p.steps * p.size; i += p.size) {
    sum += dz[i];
  }
  sums[at] = sum;
}
