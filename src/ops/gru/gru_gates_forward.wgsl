// The first half of a GRU's time step: z, r = sigmoid(x W + b + h U), and the reset state r h, which the second half multiplies.
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
  var values = vec4f();
  for (var lane = 0u; lane < 4; lane++) {
    let column = 4 * group + lane;
    if (column < 2 * p.hidden) {
      values[lane] = recurrent_kernel[k * p.width + column];
    }
  }
  return values;
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
  let first_row = 4 * TILE_Y * (tile / p.across);
  let first_group = TILE_X * (tile % p.across);
  let depth = vec2u(0, select(0, p.hidden, p.time > 0));
  let sums = multiply_tile(first_row, first_group, depth, thread);
  for (var r = 0u; r < 4; r++) {
    let b = first_row + 4 * (thread / TILE_X) + r;
    for (var lane = 0u; lane < 4; lane++) {
      let column = 4 * (first_group + thread % TILE_X) + lane;
      if (b >= p.batch || column >= 2 * p.hidden) {
        continue;
      }
      let row = p.time * p.batch + b;
      let gate = sigmoid(sums[r][lane] + project(b, column));
      gates[row * p.width + column] = gate;
      if (column >= p.hidden) {
        let unit = column - p.hidden;
        var before = 0.0;
        if (p.time > 0) {
          before = states[(row - p.batch) * p.hidden + unit];
        }
        resets[row * p.hidden + unit] = gate * before;
      }
    }
  }
}
