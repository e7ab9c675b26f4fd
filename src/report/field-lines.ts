/** Widest line, so that it fits a terminal of 100 columns. */
export const WIDTH = 100;

/** Lines of at most 100 columns, indented; words longer than a line are cut. */
export function wrapped(text: string, indent: number): string[] {
  const room = WIDTH - indent;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== '') lines.push(word.slice(0, room));
  }
  return lines.map((line) => ' '.repeat(indent) + line);
}
