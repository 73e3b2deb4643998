// A tile of a product on an adapter whose workgroup memory is not faster than its buffers: every thread reads what it multiplies.
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
