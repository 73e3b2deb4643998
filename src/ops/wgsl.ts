// deno-fmt-ignore-file
/** The WGSL of all ops, made from their .wgsl files by .ci/build_shaders.ts. @module */

/** Every shader's text by its path. */
export const WGSL = {
  "adam/adam": `// Adam on one parameter: m' = m + (1 - beta1) (g - m); v' = v + (1 - beta2) (g² - v); w' = decay w - α m' / (√v' + epsilon).
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
`,
  "adam/clipping": `// min(1, clipNorm / ‖all gradients‖) from the sums of squares, by one workgroup.
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
`,
  "adam/sum_squares": `// Sums the squares of a gradient, 4,096 values per workgroup. The sums go to their places among those of all gradients.
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
`,
  "gru/gru_candidate_backward": `// The first half of a GRU's time step backward: dh = dy + carry + (dz_z', dz_r') Uᵀ; then dz of z and of the candidate.
// carry becomes dh; the second half turns it into the carry of the earlier time step.
fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return dz[((p.time + 1) * p.batch + b) * p.width + k];
}

fn load_b(k: u32, group: u32) -> vec4f {
  return load_transposed(k, group);
}

fn finish_lane(b: u32, unit: u32, sum: f32) {
  if (b >= p.batch || unit >= p.hidden) {
    return;
  }
  let row = p.time * p.batch + b;
  let at = row * p.width + unit;
  let z = gates[at];
  let g = gates[at + 2 * p.hidden];
  var dh = sum + outer_gradient(b, unit);
  if (row + p.batch < p.steps * p.batch) {
    dh += carry[b * p.hidden + unit];
  }
  var before = 0.0;
  if (row >= p.batch) {
    before = kept[(row - p.batch) * p.hidden + unit];
  }
  dz[at] = dh * (before - g) * z * (1.0 - z);
  dz[at + 2 * p.hidden] = dh * (1.0 - z) * (1.0 - g * g);
  carry[b * p.hidden + unit] = dh;
}

fn finish(b: u32, group: u32, sums: vec4f) {
  finish_lane(b, 4 * group, sums.x);
  finish_lane(b, 4 * group + 1, sums.y);
  finish_lane(b, 4 * group + 2, sums.z);
  finish_lane(b, 4 * group + 3, sums.w);
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = id.y * count.x + id.x;
  if (tile >= p.tiles) {
    return;
  }
  let is_last = p.time == p.steps - 1;
  let depth = vec2u(0, select(2 * p.hidden, 0, is_last));
  run_tile(vec2u(tile % p.across, tile / p.across), depth, thread);
}
`,
  "gru/gru_candidate_forward": `// The second half of a GRU's time step: g = tanh(x W + b + (r h) U); h' = z h + (1 - z) g.
@group(0) @binding(5) var<storage, read_write> gates: array<f32>;
@group(0) @binding(6) var<storage, read> resets: array<f32>;
@group(0) @binding(7) var<storage, read_write> states: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<f32>;

fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return resets[(p.time * p.batch + b) * p.hidden + k];
}

fn load_b(k: u32, group: u32) -> vec4f {
  return vec4f(
    load_lane(k, 4 * group),
    load_lane(k, 4 * group + 1),
    load_lane(k, 4 * group + 2),
    load_lane(k, 4 * group + 3),
  );
}

fn load_lane(k: u32, unit: u32) -> f32 {
  if (unit >= p.hidden) {
    return 0.0;
  }
  return recurrent_kernel[k * p.width + 2 * p.hidden + unit];
}

fn finish_lane(b: u32, unit: u32, sum: f32) {
  if (b >= p.batch || unit >= p.hidden) {
    return;
  }
  let row = p.time * p.batch + b;
  let z = gates[row * p.width + unit];
  let g = tanh_of(sum + project(b, unit + 2 * p.hidden));
  var h = (1.0 - z) * g;
  if (row >= p.batch) {
    h += z * states[(row - p.batch) * p.hidden + unit];
  }
  gates[row * p.width + 2 * p.hidden + unit] = g;
  states[row * p.hidden + unit] = h;
  if (b < p.y_batch) {
    y[(b * p.y_rows + p.y_row) * p.hidden + unit] = h;
  }
}

fn finish(b: u32, group: u32, sums: vec4f) {
  finish_lane(b, 4 * group, sums.x);
  finish_lane(b, 4 * group + 1, sums.y);
  finish_lane(b, 4 * group + 2, sums.z);
  finish_lane(b, 4 * group + 3, sums.w);
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = id.y * count.x + id.x;
  if (tile >= p.tiles) {
    return;
  }
  let depth = vec2u(0, select(0, p.hidden, p.time > 0));
  run_tile(vec2u(tile % p.across, tile / p.across), depth, thread);
}
`,
  "gru/gru_gates_backward": `// The second half of a GRU's time step backward: d = dz_g U_gᵀ, the gradient of the reset state; then dz of r, and carry = dh z + d r.
fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return dz[(p.time * p.batch + b) * p.width + 2 * p.hidden + k];
}

fn load_b(k: u32, group: u32) -> vec4f {
  return load_transposed(2 * p.hidden + k, group);
}

fn finish_lane(b: u32, unit: u32, sum: f32) {
  if (b >= p.batch || unit >= p.hidden) {
    return;
  }
  let row = p.time * p.batch + b;
  let at = row * p.width + unit;
  let z = gates[at];
  let reset = gates[at + p.hidden];
  let d = sum;
  var before = 0.0;
  if (row >= p.batch) {
    before = kept[(row - p.batch) * p.hidden + unit];
  }
  dz[at + p.hidden] = d * before * reset * (1.0 - reset);
  carry[b * p.hidden + unit] = carry[b * p.hidden + unit] * z + d * reset;
}

fn finish(b: u32, group: u32, sums: vec4f) {
  finish_lane(b, 4 * group, sums.x);
  finish_lane(b, 4 * group + 1, sums.y);
  finish_lane(b, 4 * group + 2, sums.z);
  finish_lane(b, 4 * group + 3, sums.w);
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = id.y * count.x + id.x;
  if (tile >= p.tiles) {
    return;
  }
  run_tile(vec2u(tile % p.across, tile / p.across), vec2u(0, p.hidden), thread);
}
`,
  "gru/gru_gates_forward": `// The first half of a GRU's time step: z, r = sigmoid(x W + b + h U), and the reset state r h, which the second half multiplies with U.
@group(0) @binding(5) var<storage, read_write> gates: array<f32>;
@group(0) @binding(6) var<storage, read> states: array<f32>;
@group(0) @binding(7) var<storage, read_write> resets: array<f32>;

fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return states[((p.time - 1) * p.batch + b) * p.hidden + k];
}

fn load_b(k: u32, group: u32) -> vec4f {
  return vec4f(
    load_lane(k, 4 * group),
    load_lane(k, 4 * group + 1),
    load_lane(k, 4 * group + 2),
    load_lane(k, 4 * group + 3),
  );
}

fn load_lane(k: u32, column: u32) -> f32 {
  if (column >= 2 * p.hidden) {
    return 0.0;
  }
  return recurrent_kernel[k * p.width + column];
}

fn finish_lane(b: u32, column: u32, sum: f32) {
  if (b >= p.batch || column >= 2 * p.hidden) {
    return;
  }
  let row = p.time * p.batch + b;
  let gate = sigmoid(sum + project(b, column));
  gates[row * p.width + column] = gate;
  if (column >= p.hidden) {
    let unit = column - p.hidden;
    var before = 0.0;
    if (row >= p.batch) {
      before = states[(row - p.batch) * p.hidden + unit];
    }
    resets[row * p.hidden + unit] = gate * before;
  }
}

fn finish(b: u32, group: u32, sums: vec4f) {
  finish_lane(b, 4 * group, sums.x);
  finish_lane(b, 4 * group + 1, sums.y);
  finish_lane(b, 4 * group + 2, sums.z);
  finish_lane(b, 4 * group + 3, sums.w);
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = id.y * count.x + id.x;
  if (tile >= p.tiles) {
    return;
  }
  let depth = vec2u(0, select(0, p.hidden, p.time > 0));
  run_tile(vec2u(tile % p.across, tile / p.across), depth, thread);
}
`,
  "lstm/lstm_backward": `// One time step of an LSTM backward: dh = dy + dz' Uᵀ; dc += dh o (1 - tanh²(c)), then dz of the four gates; carry is dc.
fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return dz[((p.time + 1) * p.batch + b) * p.width + k];
}

fn load_b(k: u32, group: u32) -> vec4f {
  return load_transposed(k, group);
}

fn finish_lane(b: u32, unit: u32, sum: f32) {
  if (b >= p.batch || unit >= p.hidden) {
    return;
  }
  let row = p.time * p.batch + b;
  let at = row * p.width + unit;
  let i = gates[at];
  let f = gates[at + p.hidden];
  let g = gates[at + 2 * p.hidden];
  let o = gates[at + 3 * p.hidden];
  let squashed = tanh_of(kept[row * p.hidden + unit]);
  let dh = sum + outer_gradient(b, unit);
  var dc = dh * o * (1.0 - squashed * squashed);
  if (row + p.batch < p.steps * p.batch) {
    dc += carry[b * p.hidden + unit];
  }
  var before = 0.0;
  if (row >= p.batch) {
    before = kept[(row - p.batch) * p.hidden + unit];
  }
  dz[at] = dc * g * i * (1.0 - i);
  dz[at + p.hidden] = dc * before * f * (1.0 - f);
  dz[at + 2 * p.hidden] = dc * i * (1.0 - g * g);
  dz[at + 3 * p.hidden] = dh * squashed * o * (1.0 - o);
  carry[b * p.hidden + unit] = dc * f;
}

fn finish(b: u32, group: u32, sums: vec4f) {
  finish_lane(b, 4 * group, sums.x);
  finish_lane(b, 4 * group + 1, sums.y);
  finish_lane(b, 4 * group + 2, sums.z);
  finish_lane(b, 4 * group + 3, sums.w);
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = id.y * count.x + id.x;
  if (tile >= p.tiles) {
    return;
  }
  let is_last = p.time == p.steps - 1;
  let depth = vec2u(0, select(p.width, 0, is_last));
  run_tile(vec2u(tile % p.across, tile / p.across), depth, thread);
}
`,
  "lstm/lstm_forward": `// One time step of an LSTM: z = x W + b + h U; i, f, o = sigmoid(z); g = tanh(z_g); c' = f c + i g; h' = o tanh(c').
// A thread's 4 columns are the 4 gates of one hidden unit.
@group(0) @binding(5) var<storage, read_write> gates: array<f32>;
@group(0) @binding(6) var<storage, read_write> cells: array<f32>;
@group(0) @binding(7) var<storage, read_write> states: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<f32>;

fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return states[((p.time - 1) * p.batch + b) * p.hidden + k];
}

fn load_b(k: u32, unit: u32) -> vec4f {
  if (unit >= p.hidden) {
    return vec4f();
  }
  let at = k * p.width + unit;
  return vec4f(
    recurrent_kernel[at],
    recurrent_kernel[at + p.hidden],
    recurrent_kernel[at + 2 * p.hidden],
    recurrent_kernel[at + 3 * p.hidden],
  );
}

fn finish(b: u32, unit: u32, sums: vec4f) {
  if (b >= p.batch || unit >= p.hidden) {
    return;
  }
  let i = sigmoid(sums.x + project(b, unit));
  let f = sigmoid(sums.y + project(b, unit + p.hidden));
  let g = tanh_of(sums.z + project(b, unit + 2 * p.hidden));
  let o = sigmoid(sums.w + project(b, unit + 3 * p.hidden));
  let row = p.time * p.batch + b;
  var c = i * g;
  if (row >= p.batch) {
    c += f * cells[(row - p.batch) * p.hidden + unit];
  }
  let h = o * tanh_of(c);
  let at = row * p.width + unit;
  gates[at] = i;
  gates[at + p.hidden] = f;
  gates[at + 2 * p.hidden] = g;
  gates[at + 3 * p.hidden] = o;
  cells[row * p.hidden + unit] = c;
  states[row * p.hidden + unit] = h;
  if (b < p.y_batch) {
    y[(b * p.y_rows + p.y_row) * p.hidden + unit] = h;
  }
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = id.y * count.x + id.x;
  if (tile >= p.tiles) {
    return;
  }
  let depth = vec2u(0, select(0, p.hidden, p.time > 0));
  run_tile(vec2u(tile % p.across, tile / p.across), depth, thread);
}
`,
  "recurrent/step_gradient": `// The inputs of the backward pass of a time step, for every cell. This text goes after the tile and before the cell.
struct Parameters {
  batch: u32, steps: u32, hidden: u32, width: u32,
  time: u32, across: u32, tiles: u32,
  y_batch: u32, y_rows: u32, y_row: u32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> recurrent_kernel: array<f32>;
@group(0) @binding(2) var<storage, read> gates: array<f32>;
// For lstm the cell states, for gru the hidden states; both (T, B, H).
@group(0) @binding(3) var<storage, read> kept: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dz: array<f32>;
@group(0) @binding(6) var<storage, read_write> carry: array<f32>;

// The gradient that comes from outside the layer at this time step.
fn outer_gradient(b: u32, unit: u32) -> f32 {
  if (b < p.y_batch) {
    return dy[(b * p.y_rows + p.y_row) * p.hidden + unit];
  }
  return 0.0;
}

// Rows of the recurrent kernel. Its columns, from one of them on, are the depth; hidden units are the columns.
fn load_transposed(column: u32, group: u32) -> vec4f {
  return vec4f(
    load_weight(column, 4 * group),
    load_weight(column, 4 * group + 1),
    load_weight(column, 4 * group + 2),
    load_weight(column, 4 * group + 3),
  );
}

fn load_weight(column: u32, unit: u32) -> f32 {
  if (unit >= p.hidden) {
    return 0.0;
  }
  return recurrent_kernel[unit * p.width + column];
}

fn tanh_of(z: f32) -> f32 {
  if (abs(z) > 10.0) {
    return sign(z);
  }
  return tanh(z);
}
`,
  "recurrent/step_input": `// x W + b and h U of a time step, for the forward pass of every cell. This text goes after the tile and before the cell.
// Buffers are time-major: gates (T, B, G H), states (T, B, H). Exceptions: x (B, T) and y (B, T, H).
struct Parameters {
  batch: u32, steps: u32, hidden: u32, width: u32,
  time: u32, source_row: u32, across: u32, tiles: u32,
  y_batch: u32, y_rows: u32, y_row: u32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> x: array<u32>;
// The kernel, whose rows indices select, or x W + b.
@group(0) @binding(2) var<storage, read> source: array<f32>;
@group(0) @binding(3) var<storage, read> recurrent_kernel: array<f32>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;

// Whether x holds indices.
override INDICES: bool = false;

fn project(b: u32, column: u32) -> f32 {
  if (INDICES) {
    return source[x[b * p.steps + p.time] * p.width + column] + bias[column];
  }
  return source[(p.source_row + b) * p.width + column];
}

fn sigmoid(z: f32) -> f32 {
  return 1.0 / (1.0 + exp(-z));
}

// The tanh of some devices overflows; NaN stays NaN.
fn tanh_of(z: f32) -> f32 {
  if (abs(z) > 10.0) {
    return sign(z);
  }
  return tanh(z);
}
`,
  "recurrent/sum_steps": `// Sums dz (T, B, G H) over time.
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
`,
  "resident_dataset/gather_examples": `// Looks up a batch: for every row of a list that lies in this piece, its characters, one byte each, as int32.
struct Parameters { batch: u32, first_row: u32, rows: u32, input_length: u32, output_length: u32 }
@group(0) @binding(0) var<uniform> p: Parameters;
// Rows one after the other; each is a source and a target.
@group(0) @binding(1) var<storage, read> piece: array<u32>;
@group(0) @binding(2) var<storage, read> list: array<u32>;
@group(0) @binding(3) var<storage, read_write> sources: array<u32>;
@group(0) @binding(4) var<storage, read_write> targets: array<u32>;

override THREADS: u32 = 64;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let at = (id.y * count.x + id.x) * THREADS + thread;
  let length = p.input_length + p.output_length;
  let i = at / length;
  if (i >= p.batch) {
    return;
  }
  let row = list[i] - p.first_row; // of a row before this piece: wraps to a number above p.rows
  if (row >= p.rows) {
    return;
  }
  let place = at % length;
  let byte = row * length + place;
  let index = (piece[byte / 4] >> (8 * (byte % 4))) & 0xff;
  if (place < p.input_length) {
    sources[i * p.input_length + place] = index;
  } else {
    targets[i * p.output_length + place - p.input_length] = index;
  }
}
`,
  "simple_rnn/simple_rnn_backward": `// One time step of a simple recurrent network backward: dh = dy + dz' Uᵀ; dz = dh (1 - h²).
fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return dz[((p.time + 1) * p.batch + b) * p.width + k];
}

fn load_b(k: u32, group: u32) -> vec4f {
  return load_transposed(k, group);
}

fn finish_lane(b: u32, unit: u32, sum: f32) {
  if (b >= p.batch || unit >= p.hidden) {
    return;
  }
  let at = (p.time * p.batch + b) * p.hidden + unit;
  let h = kept[at];
  dz[at] = (sum + outer_gradient(b, unit)) * (1.0 - h * h);
}

fn finish(b: u32, group: u32, sums: vec4f) {
  finish_lane(b, 4 * group, sums.x);
  finish_lane(b, 4 * group + 1, sums.y);
  finish_lane(b, 4 * group + 2, sums.z);
  finish_lane(b, 4 * group + 3, sums.w);
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = id.y * count.x + id.x;
  if (tile >= p.tiles) {
    return;
  }
  let depth = vec2u(0, select(p.width, 0, p.time == p.steps - 1));
  run_tile(vec2u(tile % p.across, tile / p.across), depth, thread);
}
`,
  "simple_rnn/simple_rnn_forward": `// One time step of a simple recurrent network: h' = tanh(x W + b + h U).
@group(0) @binding(5) var<storage, read_write> states: array<f32>;
@group(0) @binding(6) var<storage, read_write> y: array<f32>;

fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return states[((p.time - 1) * p.batch + b) * p.hidden + k];
}

fn load_b(k: u32, group: u32) -> vec4f {
  return vec4f(
    load_lane(k, 4 * group),
    load_lane(k, 4 * group + 1),
    load_lane(k, 4 * group + 2),
    load_lane(k, 4 * group + 3),
  );
}

fn load_lane(k: u32, unit: u32) -> f32 {
  if (unit >= p.hidden) {
    return 0.0;
  }
  return recurrent_kernel[k * p.width + unit];
}

fn finish_lane(b: u32, unit: u32, sum: f32) {
  if (b >= p.batch || unit >= p.hidden) {
    return;
  }
  let h = tanh_of(sum + project(b, unit));
  states[(p.time * p.batch + b) * p.hidden + unit] = h;
  if (b < p.y_batch) {
    y[(b * p.y_rows + p.y_row) * p.hidden + unit] = h;
  }
}

fn finish(b: u32, group: u32, sums: vec4f) {
  finish_lane(b, 4 * group, sums.x);
  finish_lane(b, 4 * group + 1, sums.y);
  finish_lane(b, 4 * group + 2, sums.z);
  finish_lane(b, 4 * group + 3, sums.w);
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = id.y * count.x + id.x;
  if (tile >= p.tiles) {
    return;
  }
  let depth = vec2u(0, select(0, p.hidden, p.time > 0));
  run_tile(vec2u(tile % p.across, tile / p.across), depth, thread);
}
`,
  "softmax_cross_entropy/batch_figures": `// The means over a batch, by one workgroup: loss, share of correct characters, share of examples with every character correct.
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
`,
  "softmax_cross_entropy/cross_entropy": `// For every character: softmax - oneHot, the loss, and whether the largest logit, the first of equal ones, is the target's.
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
`,
  "softmax_cross_entropy/scale_difference": `// dLogits = (softmax - oneHot) / (B T) · dLoss
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
`,
  "webgpu/direct_tile": `// A tile of a product on an adapter whose workgroup memory is not faster than its buffers: every thread reads what it multiplies.
// A thread sums 4 BLOCKS rows by 4 groups of 4 columns. The shader that follows this text declares the functions that tile.wgsl lists.
override TILE_X: u32 = 8;
override TILE_Y: u32 = 1;
override BLOCKS: u32 = 4;

const GROUPS = 4u;
const THREAD_SUMS = 4 * BLOCKS * GROUPS;

struct Block { row_0: mat4x4f, row_1: mat4x4f, row_2: mat4x4f, row_3: mat4x4f }

// The sums of every thread, until the thread finishes them one after the other. If they were in an indexed array in private
// memory, Mesa's software driver would take ten seconds to compile it, and nearly as long for code without an array.
var<workgroup> tile_sums: array<vec4f, THREAD_SUMS * TILE_X * TILE_Y>;

fn add_rows(sums: Block, row: u32, k: u32, b: mat4x4f) -> Block {
  return Block(
    sums.row_0 + load_a(row, k) * b,
    sums.row_1 + load_a(row + 1, k) * b,
    sums.row_2 + load_a(row + 2, k) * b,
    sums.row_3 + load_a(row + 3, k) * b,
  );
}

fn hold_row(at: u32, sums: mat4x4f) {
  tile_sums[at] = sums[0];
  tile_sums[at + 1] = sums[1];
  tile_sums[at + 2] = sums[2];
  tile_sums[at + 3] = sums[3];
}

fn hold_rows(at: u32, sums: Block) {
  hold_row(at, sums.row_0);
  hold_row(at + GROUPS, sums.row_1);
  hold_row(at + 2 * GROUPS, sums.row_2);
  hold_row(at + 3 * GROUPS, sums.row_3);
}

// Sums a(row, k) b(k, column) over depth.x <= k < depth.y, and finishes the tile at a place in the grid of tiles.
fn run_tile(place: vec2u, depth: vec2u, thread: u32) {
  let row = 4 * BLOCKS * (TILE_Y * place.y + thread / TILE_X);
  let column = GROUPS * (TILE_X * place.x + thread % TILE_X);
  var block_0 = Block();
  var block_1 = Block();
  var block_2 = Block();
  var block_3 = Block();
  let end = select(depth.x, depth.y, row != 0xffffffff); // not only of uniforms, as in tile.wgsl
  for (var k = depth.x; k < end; k++) {
    let b = mat4x4f(
      load_b(k, column),
      load_b(k, column + 1),
      load_b(k, column + 2),
      load_b(k, column + 3),
    );
    block_0 = add_rows(block_0, row, k, b);
    if (BLOCKS > 1) {
      block_1 = add_rows(block_1, row + 4, k, b);
      block_2 = add_rows(block_2, row + 8, k, b);
      block_3 = add_rows(block_3, row + 12, k, b);
    }
  }
  let first = THREAD_SUMS * thread;
  hold_rows(first, block_0);
  if (BLOCKS > 1) {
    hold_rows(first + 4 * GROUPS, block_1);
    hold_rows(first + 8 * GROUPS, block_2);
    hold_rows(first + 12 * GROUPS, block_3);
  }
  for (var i = 0u; i < THREAD_SUMS; i++) {
    finish(row + i / GROUPS, column + i % GROUPS, tile_sums[first + i]);
  }
}
`,
  "webgpu/product": `// C = A B, or A B + bias; the rows and depth of A, and the rows of C, may lie in memory as two nested loops.
// With ones, A has a last row of ones. Its product, in sums_row, goes to column_sums: this gives the gradient of a bias
// together with that of its kernel. In a product in parts, part_stride apart, it stays a row of each part.
struct Parameters {
  rows: u32, columns: u32, depth: u32,
  parts: u32, part_depth: u32, across: u32, tiles: u32,
  ones: u32, add_bias: u32, sums_row: u32, part_stride: u32,
  a_from: u32, a_rows_inner: u32, a_rows_outer: u32, a_rows_step: u32,
  a_depth_inner: u32, a_depth_outer: u32, a_depth_step: u32,
  b_from: u32, b_depth_stride: u32, b_column_stride: u32,
  c_from: u32, c_rows_inner: u32, c_rows_outer: u32, c_rows_step: u32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> a: array<u32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;
@group(0) @binding(5) var<storage, read_write> column_sums: array<f32>;

// Whether A is one-hot: then a holds, for every k, the row of the 1, int32.
override ONE_HOT: bool = false;
// Whether any index runs through two nested loops: that needs divisions, which take time.
override NESTED: bool = true;

fn place(inner: u32, outer: u32, step: u32, i: u32) -> u32 {
  if (NESTED) {
    return (i / inner) * outer + (i % inner) * step;
  }
  return i * step;
}

fn load_a(row: u32, k: u32) -> f32 {
  if (row >= p.rows) {
    return select(0.0, 1.0, row == p.rows && p.ones == 1);
  }
  let at = p.a_from + place(p.a_depth_inner, p.a_depth_outer, p.a_depth_step, k);
  if (ONE_HOT) {
    return select(0.0, 1.0, a[at] == row);
  }
  return bitcast<f32>(a[at + place(p.a_rows_inner, p.a_rows_outer, p.a_rows_step, row)]);
}

fn load_b(k: u32, group: u32) -> vec4f {
  return vec4f(
    load_lane(k, 4 * group),
    load_lane(k, 4 * group + 1),
    load_lane(k, 4 * group + 2),
    load_lane(k, 4 * group + 3),
  );
}

fn load_lane(k: u32, column: u32) -> f32 {
  if (column >= p.columns) {
    return 0.0;
  }
  return b[p.b_from + k * p.b_depth_stride + column * p.b_column_stride];
}

// The part of the depth that this workgroup sums.
var<private> finish_part: u32;

fn finish(row: u32, group: u32, sums: vec4f) {
  finish_lane(row, 4 * group, sums.x);
  finish_lane(row, 4 * group + 1, sums.y);
  finish_lane(row, 4 * group + 2, sums.z);
  finish_lane(row, 4 * group + 3, sums.w);
}

fn finish_lane(row: u32, column: u32, sum: f32) {
  if (row >= p.rows + p.ones || column >= p.columns) {
    return;
  }
  let value = sum + select(0.0, bias[column], p.add_bias == 1);
  if (row == p.sums_row) {
    column_sums[column] = value;
  } else {
    let at = p.c_from + place(p.c_rows_inner, p.c_rows_outer, p.c_rows_step, row) + column;
    c[at + finish_part * p.part_stride] = value;
  }
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let number = id.y * count.x + id.x;
  if (number >= p.tiles * p.parts) {
    return;
  }
  let tile = number % p.tiles;
  let part = number / p.tiles;
  let start = part * p.part_depth;
  let depth = vec2u(start, min(p.depth, start + p.part_depth));
  finish_part = part;
  run_tile(vec2u(tile % p.across, tile / p.across), depth, thread);
}
`,
  "webgpu/sum_parts": `// Adds the parts of a product that was divided along its depth. With ones, the last row goes to the column sums.
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
`,
  "webgpu/tile": `// A tile of a product: every thread sums 4 rows by 4 columns, every workgroup 4 TILE_Y rows by TILE_X groups of 4 columns.
// The shader that follows this text declares
//   fn load_a(row: u32, k: u32) -> f32           0 beyond the last row
//   fn load_b(k: u32, column: u32) -> vec4f      4 columns of a group, 0 beyond the last
//   fn finish(row: u32, column: u32, sums: vec4f)   uses the sums of a row and a group; also called beyond the last ones
// Rows and lanes are written out instead of looped over: naga bounds every loop, which prevents compilers from unrolling it.
override TILE_X: u32 = 8;
override TILE_Y: u32 = 8;
override TILE_DEPTH: u32 = 16;
// Whether values that are adjacent in memory are adjacent along the depth.
override A_ALONG_DEPTH: bool = true;
override B_ALONG_DEPTH: bool = false;

var<workgroup> a_tile: array<vec4f, TILE_Y * TILE_DEPTH>;
var<workgroup> b_tile: array<vec4f, TILE_X * TILE_DEPTH>;

struct Sums { row_0: vec4f, row_1: vec4f, row_2: vec4f, row_3: vec4f }

// Sums a(row, k) b(k, column) over depth.x <= k < depth.y; the same depth for all threads of a workgroup.
fn multiply_tile(first_row: u32, first_column: u32, depth: vec2u, thread: u32) -> Sums {
  var row_0 = vec4f();
  var row_1 = vec4f();
  var row_2 = vec4f();
  var row_3 = vec4f();
  let x = thread % TILE_X;
  let y = thread / TILE_X;
  // This is always depth.y. Mesa's software driver specialises a shader again in every dispatch, in 1.5 ms, if the end of a loop or
  // a condition depends only on uniforms; this also holds for the conditions of every other shader here.
  let end = select(depth.x, depth.y, first_row != 0xffffffff);
  for (var start = depth.x; start < end; start += TILE_DEPTH) {
    for (var i = thread; i < TILE_Y * TILE_DEPTH; i += TILE_X * TILE_Y) {
      let k = select(i / TILE_Y, i % TILE_DEPTH, A_ALONG_DEPTH);
      let group = select(i % TILE_Y, i / TILE_DEPTH, A_ALONG_DEPTH);
      let row = first_row + 4 * group;
      var values = vec4f();
      if (start + k < end) {
        values = vec4f(
          load_a(row, start + k),
          load_a(row + 1, start + k),
          load_a(row + 2, start + k),
          load_a(row + 3, start + k),
        );
      }
      a_tile[k * TILE_Y + group] = values;
    }
    for (var i = thread; i < TILE_X * TILE_DEPTH; i += TILE_X * TILE_Y) {
      let k = select(i / TILE_X, i % TILE_DEPTH, B_ALONG_DEPTH);
      let column = select(i % TILE_X, i / TILE_DEPTH, B_ALONG_DEPTH);
      var values = vec4f();
      if (start + k < end) {
        values = load_b(start + k, first_column + column);
      }
      b_tile[k * TILE_X + column] = values;
    }
    workgroupBarrier();
    for (var k = 0u; k < TILE_DEPTH; k++) {
      let a = a_tile[k * TILE_Y + y];
      let b = b_tile[k * TILE_X + x];
      row_0 += a.x * b;
      row_1 += a.y * b;
      row_2 += a.z * b;
      row_3 += a.w * b;
    }
    workgroupBarrier();
  }
  return Sums(row_0, row_1, row_2, row_3);
}

fn run_tile(place: vec2u, depth: vec2u, thread: u32) {
  let first_row = 4 * TILE_Y * place.y;
  let first_column = TILE_X * place.x;
  let sums = multiply_tile(first_row, first_column, depth, thread);
  let row = first_row + 4 * (thread / TILE_X);
  let column = first_column + thread % TILE_X;
  finish(row, column, sums.row_0);
  finish(row + 1, column, sums.row_1);
  finish(row + 2, column, sums.row_2);
  finish(row + 3, column, sums.row_3);
}
`,
} as const;
