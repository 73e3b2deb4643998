// One time step of an LSTM backward: dh = dy + dz' Uᵀ; dc += dh o (1 - tanh²(c)), then dz of the four gates; carry is dc.
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
