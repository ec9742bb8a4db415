import { crc32, deflateRawSync } from 'node:zlib';

const UTF8 = 0x800;

/** A zip archive of the entries in their order, one central record each; no zip64, no data descriptors. */
export function zipOf(entries) {
  const parts = [];
  const central = [];
  let at = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content);
    const deflate = entry.deflate ?? true;
    const packed = deflate ? deflateRawSync(content) : content;
    const name = Buffer.from(entry.name);
    // from `version needed` to the length of the extra field, as both headers have it
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(UTF8 | (entry.encrypted ? 1 : 0), 2);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(entry.crc ?? crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(entry.size ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00'), common, rest, name);
    parts.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06'), end]);
}
