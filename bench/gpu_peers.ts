/** The Python peers of the GPU bench: one step of each is measured. @module */
import { startContestant } from "./contestant.ts";
import { median } from "./round.ts";

/** The step of a peer, or the reason why there is none. */
export type PeerRow =
  & { readonly contestant: string; readonly batchSize: number }
  & ({ readonly stepMs: number; readonly losses: readonly number[] } | {
    readonly missing: string;
  });

/** Options for starting the peers. */
export interface PeerOptions {
  /** The Python in which they are installed. */
  readonly python: string;
  /** The folder with their scripts. */
  readonly folder: string;
  /** The device on which they compute. */
  readonly device: string;
  readonly hiddenSize: number;
  readonly rounds: number;
}

const PEERS = [
  { name: "PyTorch eager, nn.LSTM, fused Adam", file: "pytorch.py", own: ["--form=layers"] },
  { name: "Keras on JAX, jit of the whole step", file: "keras_jax.py", own: [] },
];

/** Largest relative difference of a first loss that rounding explains. */
const LOSS_TOLERANCE = 1e-3;

/** Measures every peer at a batch size, one after the other. One that cannot run, or does not train the same model, is missing, with the reason. */
export async function measurePeers(
  { batchSize, firstLoss }: { readonly batchSize: number; readonly firstLoss: number },
  options: PeerOptions,
): Promise<PeerRow[]> {
  const rows: PeerRow[] = [];
  for (const { name, file, own } of PEERS) {
    const contestant = `${name}, ${options.device}`;
    const sizes = [`--hidden-size=${options.hiddenSize}`, `--batch-size=${batchSize}`];
    const args = [...sizes, `--device=${options.device}`, "--seconds=0.5"];
    const command = [options.python, `${options.folder}/${file}`, ...args, ...own];
    const found = await measurePeer(command, options.rounds);
    rows.push({ contestant, batchSize, ...checkLoss(found, firstLoss) });
  }
  return rows;
}

type Found = { stepMs: number; losses: readonly number[] } | { missing: string };

function checkLoss(found: Found, expected: number): Found {
  if ("missing" in found) return found;
  const [loss] = found.losses;
  if (Math.abs(loss! - expected) <= LOSS_TOLERANCE * expected) return found;
  return { missing: `its first loss must be ours, ${expected}, but is ${loss}` };
}

async function measurePeer(command: readonly string[], rounds: number): Promise<Found> {
  try {
    await using peer = startContestant(command);
    const seen = [];
    for (let round = 0; round < rounds; round++) seen.push(await peer.measure());
    return { stepMs: median(seen.map(({ medianMs }) => medianMs)), losses: seen[0]!.losses };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
