// The second half of a GRU's time step backward: d = dz_g U_gᵀ, the gradient of the reset state; then dz of r, and carry = dh z + d r.
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
