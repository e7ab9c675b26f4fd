/**
 * The one program that deadair brings into containers: it waits for the end of its standard input and then ends. As a
 * container's first process it keeps the namespaces, and takes everything in them with it when it ends. It is machine
 * code because it must run in images that have no shell and no libc, and be there without a compiler or a download.
 */
const CODE = {
  x64: {
    machine: 62,
    hex: [
      '6a00 6a00 6a00 6a01', //           push 0, 0, 0, SIG_IGN
      'b80d000000 bf11000000', //         mov eax, rt_sigaction; mov edi, SIGCHLD: orphans are reaped by themselves
      '4889e6 31d2 41ba08000000 0f05', // mov rsi, rsp; xor edx, edx; mov r10d, 8; syscall
      '31c0 31ff 4889e6 ba01000000', //   xor eax, eax (read); xor edi, edi; mov rsi, rsp; mov edx, 1
      '0f05 85c0 7fee', //                syscall; test eax, eax; jg 18 bytes back
      'b83c000000 31ff 0f05', //          mov eax, exit; xor edi, edi; syscall
    ],
  },
  arm64: {
    machine: 183,
    hex: [
      'ff7fbfa9 290080d2 e97fbfa9', //  stp xzr, xzr, [sp, -16]!; mov x9, SIG_IGN; stp x9, xzr, [sp, -16]!
      'c81080d2 200280d2 e1030091', //  mov x8, rt_sigaction; mov x0, SIGCHLD; mov x1, sp
      '020080d2 030180d2 010000d4', //  mov x2, 0; mov x3, 8; svc 0
      '000080d2 e1030091 220080d2', //  mov x0, 0; mov x1, sp; mov x2, 1
      'e80780d2 010000d4', //           mov x8, read; svc 0
      '1f0000f1 4cffff54', //           cmp x0, 0; b.gt 24 bytes back
      '000080d2 a80b80d2 010000d4', //  mov x0, 0; mov x8, exit; svc 0
    ],
  },
} as const;

/** Processors, as Node names them, for which there is a dead-man program. */
export type Processor = keyof typeof CODE;
export const hasDeadMan = (processor: string): processor is Processor => Object.hasOwn(CODE, processor);

const LOAD_ADDRESS = 0x400000n;
const HEADERS_BYTES = 64 + 56;

/** The program as a static ELF executable of some 200 bytes. */
export function deadManProgram(processor: Processor): Buffer {
  const { machine, hex } = CODE[processor];
  const code = Buffer.from(hex.join('').replaceAll(' ', ''), 'hex');
  const file = Buffer.alloc(HEADERS_BYTES + code.length);
  // ELF header: 64 bits, little endian, System V, executable.
  file.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(LOAD_ADDRESS + BigInt(HEADERS_BYTES), 24);
  file.writeBigUInt64LE(64n, 32);
  for (const [offset, value] of [
    [52, 64],
    [54, 56],
    [56, 1],
  ] as const)
    file.writeUInt16LE(value, offset);
  // One segment, the whole file, readable and executable.
  file.writeUInt32LE(1, 64);
  file.writeUInt32LE(5, 68);
  file.writeBigUInt64LE(LOAD_ADDRESS, 80);
  file.writeBigUInt64LE(LOAD_ADDRESS, 88);
  file.writeBigUInt64LE(BigInt(file.length), 96);
  file.writeBigUInt64LE(BigInt(file.length), 104);
  file.writeBigUInt64LE(0x1000n, 112);
  code.copy(file, HEADERS_BYTES);
  return file;
}
