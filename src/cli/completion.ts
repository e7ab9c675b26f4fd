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
      `    ${command.name()}) words='${[...subcommands(command), ...longOptions(command)].join(' ')}' ;;`,
  );
  return [
    '_deadair() {',
    '  local words word=${COMP_WORDS[COMP_CWORD]}',
    '  case $COMP_CWORD:${COMP_WORDS[1]} in',
    `    1:*) words='${subcommands(program).join(' ')} --help' ;;`,
    ...cases.map((line) => line.replace(/^ {4}/, '    *:')),
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word"))',
    '}',
    'complete -o filenames -F _deadair deadair',
  ].join('\n');
}

function fish(program: Command): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`;
  return program.commands
    .flatMap((command) => [
      `complete -c deadair -n __fish_use_subcommand -a ${command.name()} -d ${quoted(command.description())}`,
      ...command.options.map(
        (option) =>
          `complete -c deadair -n '__fish_seen_subcommand_from ${command.name()}' -l ${option.long?.slice(2) ?? ''} -d ${quoted(option.description)}`,
      ),
    ])
    .join('\n');
}

const subcommands = (command: Command): string[] => command.commands.map((one) => one.name());
const longOptions = (command: Command): string[] => [
  ...command.options.flatMap(({ long }) => (long == null ? [] : [long])),
  '--help',
];
