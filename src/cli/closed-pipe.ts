/**
 * Lets whoever reads the output stop reading (`| head`): what is written after that goes nowhere, and the command ends as it
 * would have, its labs torn down. Any other failure of the output is thrown, as it would be without this.
 */
export function bearClosedPipes(...outputs: NodeJS.WritableStream[]): void {
  for (const output of outputs)
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

/** Resolves when `text` has gone out, or can't any more (see bearClosedPipes): a slow reader makes the writer wait, and not memory grow. */
export const written = (output: NodeJS.WritableStream, text: string): Promise<void> =>
  new Promise((resolve) => output.write(text, () => resolve()));
