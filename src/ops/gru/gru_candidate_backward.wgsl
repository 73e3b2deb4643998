// The first half of a GRU's time step backward: dh = dy + carry + (dz_z', dz_r') Uᵀ; then dz of z and of the candidate.
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
