// The first half of a GRU's time step: z, r = sigmoid(x W + b + h U), and the reset state r h, which the second half multiplies with U.
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
