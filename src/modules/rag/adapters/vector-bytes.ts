export interface PackedVectors {
  /** Little-endian float32. */
  bytes: Buffer;
  /** Bytes of one vector. */
  size: number;
  /** Where each begins, from 1; null for a chunk without a vector. */
  at: (number | null)[];
}

/** All vectors in one value, which travels as it is; an array of them would travel as hexadecimal text. */
export function packVectors(vectors: readonly (Float32Array | undefined)[]): PackedVectors {
  const size = (vectors.find((vector) => vector !== undefined)?.length ?? 0) * Float32Array.BYTES_PER_ELEMENT;
  const parts: Buffer[] = [];
  const at = vectors.map((vector) => {
    if (!vector) return null;
    return parts.push(Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)) * size - size + 1;
  });
  return { bytes: Buffer.concat(parts), size, at };
}

export function unpackVector(bytes: Buffer): Float32Array {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
