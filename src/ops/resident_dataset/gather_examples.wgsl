// Looks up a batch: for every row of a list that lies in this piece, its characters, one byte each, as int32.
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
