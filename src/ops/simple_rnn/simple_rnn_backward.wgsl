// One time step of a simple recurrent network backward: dh = dy + dz' Uᵀ; dz = dh (1 - h²).
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
