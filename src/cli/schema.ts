import { Argument, Command } from 'commander';
import { labJsonSchema, scenarioJsonSchema } from '../scenario/json-schema.js';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of scenario files (or of lab.yaml), for editors')
    .addArgument(new Argument('[WHICH]').choices(['scenario', 'lab']).default('scenario'))
    .action((which: 'scenario' | 'lab') => {
      console.log(JSON.stringify(which === 'lab' ? labJsonSchema() : scenarioJsonSchema(), null, 2));
    });
}
