import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { drawCurves } from "../../src/plot/curves.ts";
import { COLOURS, MOST_RUNS, styleOf } from "../../src/plot/curves_marks.ts";
import type { CurvesRun } from "../../src/plot/curves_run.ts";
import { renderPng } from "../../src/plot/png.ts";
import { canUseFiles } from "../permissions.ts";
import { makeHistory } from "../training/learning_history.ts";

const ONE: CurvesRun = { name: "run-0001", history: makeHistory(20) };
const SAMPLES: Record<string, readonly CurvesRun[]> = {
  "one run": [ONE],
  "one epoch": [{ name: "first", history: makeHistory(1) }],
  "two runs of different length": [ONE, { name: "longer", history: makeHistory(30, 0.9) }],
  "500 epochs": [{ name: "long", history: makeHistory(500, 0.99) }],
  "losses down to 0": [{ name: "to zero", history: makeHistory(500, 0.01) }],
  "losses within a decade": [{ name: "flat", history: makeHistory(9, 0.95) }],
  "names of all kinds": [
    `<b>&"'`,
    "",
    "日本語 😀",
    "\x1b[31m\u0000\ud800",
    "x".repeat(500),
  ].map((name) => ({ name, history: makeHistory(3) })),
  "as many runs as can be": Array.from(
    { length: MOST_RUNS },
    (_, i) => ({ name: `run ${i}`, history: makeHistory(i + 1) }),
  ),
};

for (const [name, runs] of Object.entries(SAMPLES)) {
  Deno.test(`drawCurves() draws all points within the plots: ${name}`, () => {
    const svg = drawCurves(runs);
    const plots = plotsOf(svg);
    const curves = curvesOf(svg);
    assertEquals(curves.length, 4 * runs.length);
    for (const { title, points } of curves) {
      const run = runs.find(({ history }) => history.length === points.length);
      assert(run !== undefined, `no run has the ${points.length} points of ${title}`);
      const { left, right, top, bottom } = plots[/loss$/.test(title) ? 0 : 1]!;
      points.forEach(([x, y], i) => {
        assert(x! > left && x! < right && y! >= top && y! <= bottom, `${title}: ${x} ${y}`);
        if (i > 0) assert(x! > points[i - 1]![0]!);
      });
    }
  });

  Deno.test(`drawCurves() keeps every text on the paper, and writes sound XML: ${name}`, () => {
    const svg = drawCurves(runs);
    const { width, height } = sizeOf(svg);
    for (const [, x, y, length] of svg.matchAll(TEXT)) {
      assert(Number(x) >= 0 && Number(x) + Number(length ?? 0) <= width && Number(y) < height);
    }
    assert(!/NaN|Infinity|undefined/.test(svg));
    assert(svg.isWellFormed() && !/(?!\n)\p{Cc}/u.test(svg));
    const withoutTags = svg.replaceAll(/<\/?[a-z]+(?: [\w:-]+="[^"<>]*")*\/?>/gi, "");
    assertEquals(withoutTags.match(/[<>"]|&(?!amp;|lt;|gt;|quot;)/), null);
    assertClosed(svg);
  });
}

Deno.test("drawCurves() draws a value at its place on the axis", () => {
  const history = [0, 0.5, 1].map((share, i) => ({
    ...makeHistory(3)[i]!,
    loss: 2 * (1 - share),
    validationLoss: 2,
    exactMatch: share,
    characterAccuracy: 1 - share,
  }));
  const svg = drawCurves([{ name: "a", history }]);
  const { left, right, top, bottom } = plotsOf(svg)[1]!;
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const of = (title: string): number[][] => curvesOf(svg).find((c) => c.title === title)!.points;
  assertEquals(of("a, exact match"), [[left + 8, bottom], [x, y], [right - 8, top]]);
  assertEquals(of("a, character accuracy"), [[left + 8, top], [x, y], [right - 8, bottom]]);
  assertEquals(of("a, training loss").map(([, y]) => y), [top, y, bottom]);
  assertEquals(of("a, validation loss").map(([, y]) => y), [top, top, top]);
});

Deno.test("drawCurves() names runs in their order, with their results", () => {
  const runs = [{ name: "a<b", history: makeHistory(3, 0.5) }, ONE];
  const svg = drawCurves(runs);
  const texts = [...svg.matchAll(TEXT)].map((match) => match[4]);
  assertEquals(texts.slice(0, 5), [
    "Learning curves",
    ...["a&lt;b", "exact match 75.00 %"],
    ...["run-0001", "exact match 98.56 %"],
  ]);
  assertMatch(svg, /^<svg [^>]*role="img"[^>]*>\n<title>Learning curves<\/title>\n/);
  assertMatch(svg, /<desc>a&lt;b: exact match 75.00 % after epoch 3; run-0001: /);
  assertMatch(drawCurves([ONE]), /<title>Learning curves of run-0001<\/title>/);
});

Deno.test("drawCurves() says that an axis is logarithmic if it is", () => {
  const says = (factor: number): boolean =>
    drawCurves([{ name: "a", history: makeHistory(9, factor) }]).includes(">logarithmic<");
  assertEquals([says(0.95), says(0.5)], [false, true]);
});

Deno.test("drawCurves() draws only a marker for one epoch, and not every marker for many", () => {
  const markers = (epochs: number): number[] =>
    curvesOf(drawCurves([{ name: "a", history: makeHistory(epochs) }]))
      .map(({ markers }) => markers);
  assertEquals(markers(1), [1, 1, 1, 1]);
  assertEquals(markers(25), [25, 25, 25, 25]);
  for (const count of markers(500)) assert(count >= 10 && count <= 13, `${count} markers`);
  assert(!groupsOf(drawCurves(SAMPLES["one epoch"]!)).join("").includes('fill="none"'));
});

Deno.test("drawCurves() draws the same picture for the same runs", () => {
  for (const runs of Object.values(SAMPLES)) {
    assertEquals(drawCurves(runs), drawCurves(structuredClone(runs)));
  }
});

Deno.test("drawCurves() cuts the beginning of a name that is too long", () => {
  const svg = drawCurves([{ name: "y".repeat(300) + "/end", history: makeHistory(2) }]);
  assertMatch(svg, />…y{20,}\/end<\/text>/);
});

Deno.test("drawCurves() refuses runs that cannot be drawn, and says why", () => {
  const [epoch] = makeHistory(1);
  const wrong: [readonly CurvesRun[], string][] = [
    [[], "there must be 1 to 30 runs, but there are 0"],
    [Array(31).fill(ONE), "but there are 31"],
    [
      [ONE, { name: "new", history: [] }],
      '"new": it must have at least one completed epoch, but has none',
    ],
    [
      [{ name: "a", history: [{ ...epoch!, loss: NaN }] }],
      "loss must be finite and not negative, but is NaN",
    ],
    [[{ name: "a", history: [{ ...epoch!, loss: -1 }] }], "is -1 in epoch 1"],
    [[{ name: "a", history: [{ ...epoch!, validationLoss: Infinity }] }], "is Infinity"],
    [[{ name: "a", history: [{ ...epoch!, exactMatch: 1.5 }] }], "exactMatch must be from 0 to 1,"],
    [
      [{ name: "a", history: [epoch!, epoch!] }],
      "epochs must be in order, but in the place of epoch 2 there is 1",
    ],
  ];
  for (const [runs, message] of wrong) assertThrows(() => drawCurves(runs), RangeError, message);
});

Deno.test("styleOf() gives every run a different pair of colour and marker", () => {
  const styles = Array.from({ length: MOST_RUNS }, (_, i) => styleOf(i));
  const looks = styles.map(({ colour, marker }) => colour + marker({ x: 0, y: 0 }));
  assertEquals(new Set(looks).size, MOST_RUNS);
});

Deno.test("COLOURS stand out from the paper, and from one another for colour-blind readers", () => {
  for (const colour of COLOURS) {
    const contrast = 1.05 / (luminance(toLinear(colour)) + 0.05);
    assert(contrast >= 3, `${colour} has a contrast of ${contrast}`);
  }
  for (const [vision, matrix] of Object.entries(VISIONS)) {
    const seen = COLOURS.map((colour) => toOklab(multiply(matrix, toLinear(colour))));
    for (let i = 1; i < seen.length; i++) {
      for (let j = 0; j < i; j++) {
        const apart = Math.hypot(...seen[i]!.map((value, k) => value - seen[j]![k]!));
        assert(apart >= 0.1, `${vision}: ${COLOURS[i]} and ${COLOURS[j]} are ${apart} apart`);
      }
    }
  }
});

Deno.test({
  name: "renderPng() renders curves at twice their size",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    for (const name of ["one epoch", "two runs of different length", "names of all kinds"]) {
      const svg = drawCurves(SAMPLES[name]!);
      const png = await renderPng(svg, Deno.readFile);
      assertEquals(png.subarray(0, 8).toHex(), "89504e470d0a1a0a");
      const header = new DataView(png.buffer, png.byteOffset);
      const { width, height } = sizeOf(svg);
      assertEquals([header.getUint32(16), header.getUint32(20)], [2 * width, 2 * height]);
    }
  },
});

/** Groups: x, y, width in Roboto if all characters are known, text. */
const TEXT =
  /<text x="([\d.-]+)" y="([\d.]+)"[^>]*?(?: textLength="([\d.]+)" [^>]*)?>([^<]*)<\/text>/g;

/** Matrices from linear RGB to what colour-blind readers see: Machado, Oliveira and Fernandes 2009, table 1, severity 1. */
const VISIONS: Record<string, readonly (readonly number[])[]> = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function toLinear(colour: string): number[] {
  return [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

function luminance([r, g, b]: number[]): number {
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function multiply(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i]!, 0));
}

/** Source: Ottosson, "A perceptual color space for image processing", 2020. */
function toOklab(linear: number[]): number[] {
  const inGamut = linear.map((value) => Math.min(1, Math.max(0, value)));
  const cones = multiply([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ], inGamut);
  return multiply([
    [0.2104542553, 0.793617785, -0.0040720468],
    [1.9779984951, -2.428592205, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.808675766],
  ], cones.map(Math.cbrt));
}

function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = svg.match(/^<svg [^>]*?width="(\d+)" height="(\d+)"/)!;
  return { width: Number(width), height: Number(height) };
}

/** Finds the plots: the axis of epochs gives left, right and bottom, and a plot is 224 pixels high. */
function plotsOf(svg: string): { left: number; right: number; top: number; bottom: number }[] {
  const axes = svg.matchAll(/<path d="M(\d+) (\d+)H(\d+)" stroke="#59636e"\/>/g);
  return [...axes].map(([, left, bottom, right]) => ({
    left: Number(left),
    right: Number(right),
    top: Number(bottom) - 224,
    bottom: Number(bottom),
  }));
}

function groupsOf(svg: string): string[] {
  return [...svg.matchAll(/<g>\n([^]*?)<\/g>/g)].map(([, group]) => group!);
}

/** Reads the points of the curves. With one epoch there is no line: its point is that of the round marker. */
function curvesOf(svg: string): { title: string; points: number[][]; markers: number }[] {
  return groupsOf(svg).map((group) => {
    const [, title] = group.match(/^<title>([^<]*)<\/title>/)!;
    const [, markers] = group.match(/<path d="([^"]*Z)"/)!;
    const [, line] = group.match(/<path d="M([^"Z]*)" fill="none"/) ?? [];
    const points = line === undefined
      ? [...markers!.matchAll(/M(\S+) (\S+?)[a-z]/g)].map(([, x, y]) => [Number(x), Number(y)])
      : line.split("L").map((point) => point.split(" ").map(Number));
    return { title: title!, points, markers: markers!.split("Z").length - 1 };
  });
}

function assertClosed(svg: string): void {
  const open: string[] = [];
  for (const [, closing, name, empty] of svg.matchAll(/<(\/?)([a-z]+)[^<]*?(\/?)>/g)) {
    if (closing) assertEquals(open.pop(), name);
    else if (!empty) open.push(name!);
  }
  assertEquals(open, []);
}

Deno.test("drawCurves() draws 200,000 epochs", () => {
  const figures = {
    loss: 1,
    validationLoss: 1,
    characterAccuracy: 0.5,
    exactMatch: 0.5,
    elapsedMs: 1,
  };
  const history = Array.from(
    { length: 200_000 },
    (_, i) => ({ ...figures, epoch: i + 1, step: i + 1 }),
  );
  assert(drawCurves([{ name: "long", history }]).includes("after epoch 200000"));
});
