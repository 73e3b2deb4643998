// dLogits = (softmax - oneHot) / (B T) · dLoss
struct Parameters { size: u32, characters: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> difference: array<f32>;
@group(0) @binding(2) var<storage, read> d_figures: array<f32>;
@group(0) @binding(3) var<storage, read_write> d_logits: array<f32>;

override THREADS: u32 = 64;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let at = (id.y * count.x + id.x) * THREADS + thread;
  if (at < p.size) {
    d_logits[at] = difference[at] * (d_figures[0] / f32(p.characters));
  }
}
