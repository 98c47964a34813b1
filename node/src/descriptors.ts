// The descriptors that are served by reflection: files by their names and by the symbols in them.

import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import {
  type DescriptorProto,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

interface File {
  readonly bytes: Buffer;
  readonly dependencies: readonly string[];
}

/** Some FileDescriptorSets, indexed. */
export class Descriptors {
  readonly #files = new Map<string, File>();
  readonly #symbols = new Map<string, string>();

  constructor(sets: Iterable<Uint8Array>) {
    for (const set of sets) {
      for (const bytes of filesOf(set)) {
        this.#add(fromBinary(FileDescriptorProtoSchema, bytes), bytes);
      }
    }
  }

  /** A file and all that it imports, each serialized, the file first; undefined where there is none. */
  file(name: string): Buffer[] | undefined {
    const found = new Map<string, Buffer>();
    const collect = (wanted: string): void => {
      const file = this.#files.get(wanted);
      if (file !== undefined && !found.has(wanted)) {
        found.set(wanted, file.bytes);
        file.dependencies.forEach(collect);
      }
    };
    collect(name);
    return found.size === 0 ? undefined : [...found.values()];
  }

  /** As `file`, for the file that a symbol stands in: a service, a method, a message, an enum. */
  containing(symbol: string): Buffer[] | undefined {
    const name = this.#symbols.get(symbol);
    return name === undefined ? undefined : this.file(name);
  }

  #add(file: FileDescriptorProto, bytes: Uint8Array): void {
    this.#files.set(file.name, { bytes: Buffer.from(bytes), dependencies: file.dependency });
    const scope = file.package === "" ? "" : `${file.package}.`;
    const define = (symbol: string): unknown => this.#symbols.set(symbol, file.name);
    for (const service of file.service) {
      define(scope + service.name);
      for (const method of service.method) {
        define(`${scope}${service.name}.${method.name}`);
      }
    }
    const defineTypes = (prefix: string, { messages, enums }: Types): void => {
      for (const { name } of enums) {
        define(prefix + name);
      }
      for (const message of messages) {
        define(prefix + message.name);
        defineTypes(`${prefix}${message.name}.`, { messages: message.nestedType, enums: message.enumType });
      }
    };
    defineTypes(scope, { messages: file.messageType, enums: file.enumType });
  }
}

interface Types {
  readonly messages: readonly DescriptorProto[];
  readonly enums: readonly { readonly name: string }[];
}

/** The serialized files of a FileDescriptorSet: its field 1. */
function* filesOf(set: Uint8Array): Generator<Uint8Array> {
  const reader = new BinaryReader(set);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1 && type === WireType.LengthDelimited) {
      yield reader.bytes();
    } else {
      reader.skip(type, field);
    }
  }
}
