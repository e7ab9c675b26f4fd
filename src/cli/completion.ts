import { Argument, type Command, Command as Program } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** `program` is asked when the command runs, so that it has all commands by then. */
export function completionCommand(program: () => Command): Command {
  return new Program('completion')
    .description('print a script that completes commands and options in your shell')
    .addArgument(new Argument('<SHELL>').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  deadair completion bash >/etc/bash_completion.d/deadair
  deadair completion zsh >>~/.zshrc
  deadair completion fish >~/.config/fish/completions/deadair.fish`,
    )
    .action((shell: Shell) => console.log(completionScript(program(), shell)));
}

/** Options and commands of a program as its shell wants them; files complete everywhere else. */
function completionScript(program: Command, shell: Shell): string {
  if (shell === 'fish') return fish(program);
  const bashcompinit = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
  return bashcompinit + bash(program);
}

function bash(program: Command): string {
  const cases = program.commands.map(
    (command) =>
      `    ${command.name()}) words='${[...subcommands(command), ...argumentChoices(command), ...longOptions(command)].join(' ')}' ;;`,
  );
  // An option means the same in every command that has it.
  const values = new Map(
    program.commands.flatMap(({ options }) =>
      options.flatMap(({ long, argChoices }) => (long != null && argChoices ? [[long, argChoices]] : [])),
    ),
  );
  return [
    '_deadair() {',
    '  local words word=${COMP_WORDS[COMP_CWORD]}',
    '  case ${COMP_WORDS[COMP_CWORD - 1]} in',
    ...[...values].map(([long, choices]) => offer(long, choices)),
    '  esac',
    '  case $COMP_CWORD:${COMP_WORDS[1]} in',
    offer('1:*', [...subcommands(program), '--help']),
    ...cases.map((line) => line.replace(/^ {4}/, '    *:')),
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word"))',
    '}',
    'complete -o filenames -F _deadair deadair',
  ].join('\n');
}

/** Where nothing but these words fits, no file either. */
const offer = (pattern: string, words: readonly string[]): string =>
  `    ${pattern}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word")); return ;;`;

function fish(program: Command): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`;
  return program.commands
    .flatMap((command) => [
      `complete -c deadair -n __fish_use_subcommand -a ${command.name()} -d ${quoted(command.description())}`,
      ...command.options.map(
        (option) =>
          `complete -c deadair -n '__fish_seen_subcommand_from ${command.name()}' -l ${option.long?.slice(2) ?? ''} -d ${quoted(option.description)}` +
          (option.argChoices ? ` -x -a ${quoted(option.argChoices.join(' '))}` : ''),
      ),
    ])
    .join('\n');
}

const subcommands = (command: Command): string[] => command.commands.map((one) => one.name());
const argumentChoices = (command: Command): string[] =>
  command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
const longOptions = (command: Command): string[] => [
  ...command.options.flatMap(({ long }) => (long == null ? [] : [long])),
  '--help',
];
