import { Argument, Command } from 'commander';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of scenario files (or of lab.yaml, or of image.yaml), for editors')
    .addArgument(new Argument('[WHICH]').choices(['scenario', 'lab', 'image']).default('scenario'))
    .action(async (which: 'scenario' | 'lab' | 'image') => {
      const { imageJsonSchema, labJsonSchema, scenarioJsonSchema } =
        await import('../scenario/json-schema.js');
      const schemas = { scenario: scenarioJsonSchema, lab: labJsonSchema, image: imageJsonSchema };
      console.log(JSON.stringify(schemas[which](), null, 2));
    });
}
