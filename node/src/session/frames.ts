// Frames: 4 bytes of length, big-endian, then one message.

import { Command, Event } from "../../stock_grpc/proto/session.js";

export const MAX_FRAME_BYTES = 16 << 20;
const HEAD_BYTES = 4;

/** Standard input is not a stream of frames, or standard output cannot be one. It ends the session. */
export class FrameError extends Error {}

/** Takes frames out of the chunks of an input. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;

  /** The commands that a chunk completes, in order. Throws FrameError. */
  *read(chunk: Buffer): Generator<Command> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (let body = this.#next(); body !== undefined; body = this.#next()) {
      yield decode(body);
    }
  }

  /** Throws FrameError where the input ends within a frame. */
  end(): void {
    if (this.#size > 0) {
      throw new FrameError("standard input ends within a frame");
    }
  }

  /** The body of the next frame, if all of it is there. */
  #next(): Buffer | undefined {
    if (this.#size < HEAD_BYTES) {
      return undefined;
    }
    const size = this.#first(HEAD_BYTES).readUInt32BE();
    if (size > MAX_FRAME_BYTES) {
      throw new FrameError(`a frame of ${size} bytes; at most ${MAX_FRAME_BYTES}`);
    }
    const end = HEAD_BYTES + size;
    if (this.#size < end) {
      return undefined;
    }
    const frame = this.#first(end);
    this.#chunks[0] = frame.subarray(end);
    this.#size -= end;
    return frame.subarray(HEAD_BYTES, end);
  }

  /** The first chunk, made as long as asked for: a large frame is put together once, when it is complete. */
  #first(size: number): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= size) {
      return first;
    }
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}

function decode(body: Buffer): Command {
  try {
    return Command.decode(body);
  } catch {
    throw new FrameError("a frame does not decode as a Command");
  }
}

/** The frame of an event. Throws FrameError where the event is too large for one. */
export function encodeFrame(event: Event): Buffer[] {
  const body = Event.encode(event).finish();
  if (body.length > MAX_FRAME_BYTES) {
    throw new FrameError(`an event of ${body.length} bytes; a frame has at most ${MAX_FRAME_BYTES}`);
  }
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(body.length);
  return [head, Buffer.from(body.buffer, body.byteOffset, body.length)];
}
