// For every character: softmax - oneHot, the loss, and whether the largest logit, the first of equal ones, is the target's.
struct Parameters { characters: u32, V: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read_write> difference: array<f32>;
// (2, B T): losses, then 1 for correct characters.
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
  let end = start + p.V;
  var largest = logits[start];
  var answer = start;
  for (var i = start + 1; i < end; i++) {
    let logit = logits[i];
    if (logit > largest) {
      largest = logit;
      answer = i;
    }
  }
  var sum = 0.0;
  for (var i = start; i < end; i++) {
    let share = exp(logits[i] - largest);
    difference[i] = share;
    sum += share;
  }
  let right = start + targets[character];
  for (var i = start; i < end; i++) {
    difference[i] = difference[i] / sum - select(0.0, 1.0, i == right);
  }
  measured[character] = log(sum) - (logits[right] - largest);
  measured[p.characters + character] = select(0.0, 1.0, answer == right);
}
