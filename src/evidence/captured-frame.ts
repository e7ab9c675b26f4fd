import type { CaptureWindow } from './capture-window.js';

/** tcpdump's and Wireshark's own limit. A longer frame is a damaged length field. */
export const LONGEST_FRAME = 262144;

/** An interface that a capture was taken on. */
export interface CaptureInterface {
  /** https://www.tcpdump.org/linktypes.html */
  linkType: number;
  /** Empty where the capture doesn't say. */
  name: string;
  /** Longest piece of a frame that was kept. */
  snapLength: number;
  /** Units of time stamps in a millisecond, and what is added to them. */
  unitsPerMs: number;
  offsetMs: number;
}

/** What must be known to read on from the middle of a capture: byte order and interfaces, which may still be added to. */
export interface CaptureSection {
  format: 'pcap' | 'pcapng';
  littleEndian: boolean;
  interfaces: CaptureInterface[];
}

/** The place of a frame in a capture, to read on from. */
export interface CaptureMark {
  /** In bytes. */
  position: number;
  /** Counted from 1. */
  frame: number;
  section: CaptureSection;
}

/** One captured frame. The object and its bytes are reused for the next: copy what is to be kept. */
export interface CapturedFrame {
  bytes: Buffer;
  /** The frame is bytes[start…end). */
  start: number;
  end: number;
  /** Counted from 1, as in tshark. */
  number: number;
  /** Milliseconds since 1970, good to a quarter of a microsecond. */
  wallMs: number;
  /** Bytes on the wire; more than end − start if the frame was cut by the snap length. */
  originalLength: number;
  linkType: number;
  /** Index into the interfaces of the section. */
  interface: number;
  /** Place of its record in the capture, in bytes. */
  position: number;
  section: CaptureSection;
}

/** Shows one frame; `false` ends the reading. */
export type FrameVisitor = (frame: CapturedFrame) => false | void;

/** Hands frames on, in one object that is reused. */
export class FrameShower {
  private readonly frame: CapturedFrame;

  constructor(
    window: CaptureWindow,
    private readonly visit: FrameVisitor,
    public count: number,
  ) {
    const section: CaptureSection = { format: 'pcap', littleEndian: true, interfaces: [] };
    const { bytes } = window;
    const zero = { start: 0, end: 0, number: 0, wallMs: 0, originalLength: 0, linkType: 0, position: 0 };
    this.frame = { bytes, ...zero, interface: 0, section };
  }

  /** Time of the frame before. */
  get lastMs(): number {
    return this.frame.wallMs;
  }

  /** Shows bytes[start…end) of the window; returns whether more is wanted. */
  show(
    section: CaptureSection,
    index: number,
    position: number,
    start: number,
    end: number,
    wallMs: number,
    originalLength: number,
  ): boolean {
    const { frame } = this;
    frame.section = section;
    frame.interface = index;
    frame.linkType = section.interfaces[index]!.linkType;
    frame.position = position;
    frame.start = start;
    frame.end = end;
    frame.wallMs = wallMs;
    frame.originalLength = originalLength;
    frame.number = ++this.count;
    return this.visit(frame) !== false;
  }
}
