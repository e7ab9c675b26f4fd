import Mocha from 'mocha';

/** mocha's spec reporter, and the totals once more on a line of their own for whoever reads only the end of a log. */
export default class ClosingReporter extends Mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
  }
}
