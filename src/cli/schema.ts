import { Argument, Command } from 'commander';
import { writeFile } from 'node:fs/promises';

const EXAMPLES = `
Examples:
  deadair schema >scenario.schema.json       then "# yaml-language-server: $schema=scenario.schema.json" in a scenario
  deadair schema lab                         that of lab.yaml`;

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of scenario files (or of lab.yaml, or of image.yaml), for editors')
    .addArgument(new Argument('[WHICH]').choices(['scenario', 'lab', 'image']).default('scenario'))
    .option('--page <FILE>', 'write the reference of all of them, as a page of Markdown')
    .addHelpText('after', EXAMPLES)
    .action(async (which: 'scenario' | 'lab' | 'image', { page }: { page?: string }) => {
      if (page !== undefined) {
        const { referencePage } = await import('../report/reference-page.js');
        return await writeFile(page, referencePage());
      }
      const { imageJsonSchema, labJsonSchema, scenarioJsonSchema } =
        await import('../scenario/json-schema.js');
      const schemas = { scenario: scenarioJsonSchema, lab: labJsonSchema, image: imageJsonSchema };
      console.log(JSON.stringify(schemas[which](), null, 2));
    });
}
