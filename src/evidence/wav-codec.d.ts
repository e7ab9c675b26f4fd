declare module 'wav-encoder' {
  export interface AudioData {
    sampleRate: number;
    channelData: Float32Array[];
  }
  export function encode(
    audio: AudioData,
    options?: { bitDepth?: number; float?: boolean; symmetric?: boolean },
  ): Promise<ArrayBuffer>;
}

declare module 'wav-decoder' {
  export interface AudioData {
    sampleRate: number;
    numberOfChannels: number;
    length: number;
    channelData: Float32Array[];
  }
  export function decode(
    bytes: ArrayBufferLike | Uint8Array,
    options?: { symmetric?: boolean },
  ): Promise<AudioData>;
}
