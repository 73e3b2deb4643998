// Of every character: softmax - oneHot, its loss, and whether the largest logit, the first of equal ones, is the target's.
struct Parameters { characters: u32, V: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read_write> difference: array<f32>;
// (2, B T): losses, then 1 where right.
@group(0) @binding(4) var<storage, read_write> measured: array<f32>;

override THREADS: u32 = 64;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let character = (id.y * count.x + id.x) * THREADS + thread;
  if (character >= p.characters) {
    return;
  }
  let start = character * p.V;
  var largest = logits[start];
  var answer = 0u;
  for (var v = 1u; v < p.V; v++) {
    let logit = logits[start + v];
    if (logit > largest) {
      largest = logit;
      answer = v;
    }
  }
  var sum = 0.0;
  for (var v = 0u; v < p.V; v++) {
    let share = exp(logits[start + v] - largest);
    difference[start + v] = share;
    sum += share;
  }
  let target_index = targets[character];
  for (var v = 0u; v < p.V; v++) {
    let probability = difference[start + v] / sum;
    difference[start + v] = probability - select(0.0, 1.0, v == target_index);
  }
  measured[character] = log(sum) - (logits[start + target_index] - largest);
  measured[p.characters + character] = select(0.0, 1.0, answer == target_index);
}
