// ThumbHash: a picture in about 25 bytes, as the few lowest waves of its light (L), of yellow against
// blue (P), of red against green (Q), and of what can be seen through (A). The format is described at
// https://evanw.github.io/thumbhash/.

export interface Ghost {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

interface Wave {
  readonly nx: number;
  readonly ny: number;
  readonly strength: Float32Array;
}

const EDGE = 32;

/** The waves of one channel, in the order in which their four-bit strengths were written. */
function* waves(nx: number, ny: number): Generator<[x: number, y: number]> {
  for (let y = 0; y < ny; y++) {
    for (let x = y === 0 ? 1 : 0; x * ny < nx * (ny - y); x++) yield [x, y];
  }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

const WAVES = 8; // along an edge, at most
const known = new Map<number, Float32Array[]>();

/** `cos` of each wave at each pixel of an edge. */
function cosines(edge: number): Float32Array[] {
  const found = known.get(edge);
  if (found) return found;
  const made = Array.from({ length: WAVES }, (_, n) =>
    Float32Array.from({ length: edge }, (_, at) => Math.cos((Math.PI / edge) * (at + 0.5) * n)),
  );
  known.set(edge, made);
  return made;
}

/** One channel's value at every pixel: of each row first how strong its waves are, then those along it. */
function spread(steady: number, wave: Wave, across: Float32Array[], down: Float32Array[]): Float32Array {
  const width = across[0]!.length;
  const height = down[0]!.length;
  const out = new Float32Array(width * height).fill(steady);
  const all = [...waves(wave.nx, wave.ny)];
  const here = new Float32Array(wave.nx);
  for (let row = 0; row < height; row++) {
    here.fill(0);
    all.forEach(([x, y], n) => (here[x]! += wave.strength[n]! * 2 * down[y]![row]!));
    for (let x = 0; x < wave.nx; x++) {
      const strength = here[x]!;
      const along = across[x]!;
      for (let column = 0; column < width; column++) out[row * width + column]! += strength * along[column]!;
    }
  }
  return out;
}

/** The small picture that a hash stands for, or null where it is none. */
export function decode(base64: string): Ghost | null {
  const bytes = bytesOf(base64);
  if (bytes.length < 5) return null;
  const head = bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16);
  const more = bytes[3]! | (bytes[4]! << 8);
  const alpha = head >> 23 !== 0;
  const landscape = more >> 15 !== 0;
  const long = alpha ? 5 : 7;
  const lx = Math.max(3, landscape ? long : more & 7);
  const ly = Math.max(3, landscape ? more & 7 : long);

  let nibble = (alpha ? 6 : 5) * 2;
  const read = (nx: number, ny: number, scale: number): Wave => {
    const strength = Float32Array.from(waves(nx, ny), () => {
      const four = ((bytes[nibble >> 1] ?? 0x77) >> ((nibble & 1) << 2)) & 15;
      nibble++;
      return (four / 7.5 - 1) * scale;
    });
    return { nx, ny, strength };
  };
  const light = read(lx, ly, ((head >> 18) & 31) / 31);
  const yellow = read(3, 3, (((more >> 3) & 63) / 63) * 1.25);
  const red = read(3, 3, (((more >> 9) & 63) / 63) * 1.25);
  const through = alpha ? read(5, 5, (bytes[5]! >> 4) / 15) : null;

  const width = Math.round(lx > ly ? EDGE : (EDGE * lx) / ly);
  const height = Math.round(lx > ly ? (EDGE * ly) / lx : EDGE);
  const across = cosines(width);
  const down = cosines(height);
  const l = spread((head & 63) / 63, light, across, down);
  const p = spread(((head >> 6) & 63) / 31.5 - 1, yellow, across, down);
  const q = spread(((head >> 12) & 63) / 31.5 - 1, red, across, down);
  const a = through && spread((bytes[5]! & 15) / 15, through, across, down);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < l.length; at++) {
    const blue = l[at]! - (2 / 3) * p[at]!;
    const reddish = (3 * l[at]! - blue + q[at]!) / 2;
    pixels[at * 4] = reddish * 255;
    pixels[at * 4 + 1] = (reddish - q[at]!) * 255;
    pixels[at * 4 + 2] = blue * 255;
    pixels[at * 4 + 3] = a ? a[at]! * 255 : 255;
  }
  return { width, height, pixels };
}

/** Paint what a hash stands for; false where it is none. */
export function paint(canvas: HTMLCanvasElement, base64: string): boolean {
  let ghost: Ghost | null = null;
  try {
    ghost = base64 ? decode(base64) : null;
  } catch {
    // not base64: as if there were none
  }
  if (!ghost) return false;
  canvas.width = ghost.width;
  canvas.height = ghost.height;
  canvas
    .getContext("2d")
    ?.putImageData(new ImageData(ghost.pixels, ghost.width, ghost.height), 0, 0);
  return true;
}
