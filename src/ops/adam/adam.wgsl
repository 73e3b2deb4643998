// Adam on one parameter: m' = m + (1 - beta1) (g - m); v' = v + (1 - beta2) (g² - v); w' = decay w - α m' / (√v' + epsilon).
struct Parameters { size: u32, is_matrix: u32, clips: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
// α, 1 - beta1, 1 - beta2, epsilon, decay factor of a matrix
@group(0) @binding(1) var<storage, read> rates: array<f32>;
// min(1, clipNorm / ‖all gradients‖)
@group(0) @binding(2) var<storage, read> clipping: array<f32>;
@group(0) @binding(3) var<storage, read> gradient: array<f32>;
@group(0) @binding(4) var<storage, read_write> w: array<f32>;
@group(0) @binding(5) var<storage, read_write> m: array<f32>;
@group(0) @binding(6) var<storage, read_write> v: array<f32>;

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
  let g = gradient[at] * select(1.0, clipping[0], p.clips == 1);
  let m_next = m[at] + rates[1] * (g - m[at]);
  let v_next = v[at] + rates[2] * (g * g - v[at]);
  m[at] = m_next;
  v[at] = v_next;
  let decay = select(1.0, rates[4], p.is_matrix == 1);
  w[at] = decay * w[at] - rates[0] * m_next / (sqrt(v_next) + rates[3]);
}
