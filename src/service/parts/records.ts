import { recordedParts, type RecordedParts } from '../../api/cluster.ts';
import { readIfThere, writePrivateFile } from '../../host/files.ts';

export type PartRecord = RecordedParts['parts'][number];

/** parts.json: which processes are ours. Written whole after each change, one writing at a time. */
export class PartRecords {
  readonly #file: string;
  readonly #order: readonly string[];
  readonly #records: Map<string, PartRecord>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, order: readonly string[], records: readonly PartRecord[]) {
    this.#file = file;
    this.#order = order;
    this.#records = new Map(records.map((record) => [record.name, record]));
  }

  /** `order`: the names of the parts as they are to be listed. A file that is not understood counts as none. */
  static async open(file: string, order: readonly string[]): Promise<PartRecords> {
    const text = await readIfThere(file);
    return new PartRecords(file, order, text === undefined ? [] : parse(text));
  }

  get(name: string): PartRecord | undefined {
    return this.#records.get(name);
  }

  /** Records of parts that are no longer planned. */
  strangers(): PartRecord[] {
    return [...this.#records.values()].filter((record) => !this.#order.includes(record.name));
  }

  async set(record: PartRecord): Promise<void> {
    this.#records.set(record.name, record);
    await this.#write();
  }

  async remove(name: string): Promise<void> {
    if (this.#records.delete(name)) await this.#write();
  }

  async #write(): Promise<void> {
    const write = async (): Promise<void> => {
      const place = (name: string): number => this.#order.indexOf(name);
      const parts = [...this.#records.values()].sort((one, other) => place(one.name) - place(other.name));
      const content: RecordedParts = { format: 1, parts };
      await writePrivateFile(this.#file, `${JSON.stringify(content, null, 2)}\n`);
    };
    // The next writing waits for this one, and is tried though this one failed.
    const mine = this.#writing.then(write, write);
    this.#writing = mine;
    await mine;
  }
}

function parse(text: string): readonly PartRecord[] {
  try {
    const result = recordedParts.safeParse(JSON.parse(text));
    return result.success ? result.data.parts : [];
  } catch {
    // Not JSON: written by nobody of ours.
    return [];
  }
}
