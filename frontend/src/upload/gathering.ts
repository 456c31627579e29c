// What was dropped, pasted or chosen, as a list of originals with the folders they came in.

/** An original and the folder it came in, below what was dropped: `trips/2026`, or nothing. */
export interface Found {
  file: File;
  name: string;
  folder: string;
}

/** What systems leave in folders and nobody means to send. */
const LITTER = /^(\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|\.localized)$/i;

function directory(path: string): string {
  return path.split("/").filter(Boolean).slice(0, -1).join("/");
}

/** From a field: a chosen folder tells the paths within it. */
export function fromField(files: FileList): Found[] {
  return [...files]
    .map((file) => ({ file, name: file.name, folder: directory(file.webkitRelativePath) }))
    .filter((found) => !LITTER.test(found.name));
}

/** From the clipboard, where a picture has no name of its own. */
export function fromClipboard(files: FileList, now: Date): Found[] {
  const stamp = now.toISOString().slice(0, 19).replace("T", " ").replaceAll(":", "-");
  return [...files].map((file, at) => {
    const unnamed = /^image\.(\w+)$/.exec(file.name);
    const again = at > 0 ? ` (${at})` : "";
    const name = unnamed ? `Pasted ${stamp}${again}.${unnamed[1]}` : file.name;
    return { file, name, folder: "" };
  });
}

/** From a drop: folders are walked, all the way down. Must be called while the event is handled. */
export async function fromDrop(carried: DataTransfer): Promise<Found[]> {
  // entries are only there until the event is over, so all are taken before anything is awaited
  const entries = [...carried.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const found: Found[] = [];
  for (const entry of entries) {
    if (entry instanceof File) found.push({ file: entry, name: entry.name, folder: "" });
    else if (entry) await walk(entry, "", found);
  }
  return found;
}

async function walk(entry: FileSystemEntry, folder: string, found: Found[]): Promise<void> {
  if (LITTER.test(entry.name)) return;
  if (entry.isDirectory) {
    const below = folder ? `${folder}/${entry.name}` : entry.name;
    for (const child of await children(entry as FileSystemDirectoryEntry))
      await walk(child, below, found);
    return;
  }
  const file = await new Promise<File | null>((resolve) => {
    (entry as FileSystemFileEntry).file(resolve, () => resolve(null));
  });
  if (file) found.push({ file, name: file.name, folder });
}

/** All children: a reader gives a hundred at a time, and none when there are no more. */
async function children(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => resolve([]));
    });
    if (some.length === 0) return all;
    all.push(...some);
  }
}
