import { Argument, Command } from 'commander';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of scenario files (or of lab.yaml), for editors')
    .addArgument(new Argument('[WHICH]').choices(['scenario', 'lab']).default('scenario'))
    .action(async (which: 'scenario' | 'lab') => {
      const { labJsonSchema, scenarioJsonSchema } = await import('../scenario/json-schema.js');
      console.log(JSON.stringify(which === 'lab' ? labJsonSchema() : scenarioJsonSchema(), null, 2));
    });
}
