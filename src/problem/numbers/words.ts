/** Writes and reads numbers in words, as in British English: `four hundred and seven`. @module */

const ONES = [
  ...["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
  ...["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"],
  "nineteen",
];
const TENS = [
  ...["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
];

/** Every word, for the characters that they are written with. */
export const NUMBER_WORDS: readonly string[] = [
  ...["zero", "hundred", "thousand", "and"],
  ...[...ONES, ...TENS].filter((word) => word !== ""),
];

/** Writes an integer from 0 to 999,999: `twenty-one thousand and five`. */
export function writeWords(number: number): string {
  if (number === 0) return "zero";
  const [thousands, rest] = [Math.floor(number / 1000), number % 1000];
  const words: string[] = [];
  if (thousands > 0) words.push(`${writeHundreds(thousands)} thousand`);
  if (rest > 0 && rest < 100 && thousands > 0) words.push("and");
  if (rest > 0) words.push(writeHundreds(rest));
  return words.join(" ");
}

/** Writes an integer from 1 to 999. */
function writeHundreds(number: number): string {
  const [hundreds, rest] = [Math.floor(number / 100), number % 100];
  const words: string[] = [];
  if (hundreds > 0) words.push(`${ONES[hundreds]} hundred`);
  if (hundreds > 0 && rest > 0) words.push("and");
  if (rest > 0) words.push(writeTens(rest));
  return words.join(" ");
}

/** Writes an integer from 1 to 99. */
function writeTens(number: number): string {
  if (number < 20) return ONES[number]!;
  const ones = number % 10;
  return TENS[Math.floor(number / 10)]! + (ones > 0 ? `-${ONES[ones]}` : "");
}

/**
 * Reads a number in words, in small letters. `and`, hyphens, commas and the first `a` of `a hundred` are not needed.
 *
 * @returns undefined if it is not a number from 0 to 999,999 in words
 */
export function readWords(text: string): number | undefined {
  const words = text.split(/[\s,-]+/).filter((word) => word !== "" && word !== "and");
  if (words.length === 1 && words[0] === "zero") return 0;
  const at = words.indexOf("thousand");
  if (at < 0) return readHundreds(words);
  const thousands = readHundreds(words.slice(0, at));
  const rest = at === words.length - 1 ? 0 : readHundreds(words.slice(at + 1));
  return thousands === undefined || rest === undefined ? undefined : 1000 * thousands + rest;
}

function readHundreds(words: readonly string[]): number | undefined {
  if (words[1] !== "hundred") return readTens(words);
  const hundreds = words[0] === "a" ? 1 : readDigit(words[0]!);
  const rest = words.length === 2 ? 0 : readTens(words.slice(2));
  return hundreds === undefined || rest === undefined ? undefined : 100 * hundreds + rest;
}

function readTens(words: readonly string[]): number | undefined {
  const [first, second, ...others] = words;
  if (first === undefined || others.length > 0) return undefined;
  const tens = TENS.indexOf(first);
  if (tens > 1) {
    const ones = second === undefined ? 0 : readDigit(second);
    return ones === undefined ? undefined : 10 * tens + ones;
  }
  const number = first === "a" ? 1 : ONES.indexOf(first);
  return number > 0 && second === undefined ? number : undefined;
}

function readDigit(word: string): number | undefined {
  const digit = ONES.indexOf(word);
  return digit > 0 && digit < 10 ? digit : undefined;
}
