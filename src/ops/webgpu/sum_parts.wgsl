// Adds the parts of a product that was divided along its depth. With ones, the last row goes to the column sums.
struct Parameters { rows: u32, columns: u32, parts: u32, ones: u32, c_from: u32, c_stride: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> parts: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
@group(0) @binding(3) var<storage, read_write> column_sums: array<f32>;

override THREADS: u32 = 64;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let at = (id.y * count.x + id.x) * THREADS + thread;
  let size = (p.rows + p.ones) * p.columns;
  if (at >= size) {
    return;
  }
  var sum = 0.0;
  for (var i = at; i < p.parts * size; i += size) {
    sum += parts[i];
  }
  if (at < p.rows * p.columns) {
    c[p.c_from + (at / p.columns) * p.c_stride + at % p.columns] = sum;
  } else {
    column_sums[at - p.rows * p.columns] = sum;
  }
}
