// A tile of a product: every thread sums 4 rows by 4 columns, every workgroup 4 TILE_Y rows by TILE_X groups of 4 columns.
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
