package io.portproxy.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** TLS ClientHello messages (RFC 8446, section 4.1.2), made by hand. */
public final class ClientHellos {
    private ClientHellos() {}

    /**
     * Returns a ClientHello.
     *
     * @param name the server name that it asks for; empty for none
     * @param protocols the application protocols that it offers (ALPN)
     * @param padding the bytes of an unknown extension, which makes the message as large as one with key shares
     * @param record the most bytes of the message in one record
     */
    public static byte[] of(String name, List<String> protocols, int padding, int record) {
        ByteBuffer extensions = ByteBuffer.allocate(20_000 + padding);
        extension(extensions, 0xfafa, ByteBuffer.allocate(padding));
        if (!name.isEmpty()) {
            byte[] text = name.getBytes(StandardCharsets.US_ASCII);
            ByteBuffer names = ByteBuffer.allocate(text.length + 5);
            names.putShort((short) (text.length + 3))
                    .put((byte) 0)
                    .putShort((short) text.length)
                    .put(text);
            extension(extensions, 0, names.flip());
        }
        if (!protocols.isEmpty()) {
            ByteBuffer list = ByteBuffer.allocate(1000);
            for (String protocol : protocols) {
                list.put((byte) protocol.length()).put(protocol.getBytes(StandardCharsets.US_ASCII));
            }
            list.flip();
            ByteBuffer whole = ByteBuffer.allocate(list.remaining() + 2);
            whole.putShort((short) list.remaining()).put(list);
            extension(extensions, 16, whole.flip());
        }
        extensions.flip();
        ByteBuffer body = ByteBuffer.allocate(extensions.remaining() + 200);
        body.putShort((short) 0x303).put(new byte[32]).put((byte) 32).put(new byte[32]);
        body.putShort((short) 2).putShort((short) 0x1301).put((byte) 1).put((byte) 0);
        body.putShort((short) extensions.remaining()).put(extensions).flip();
        ByteBuffer message = ByteBuffer.allocate(body.remaining() + 4);
        message.putInt(1 << 24 | body.remaining()).put(body).flip();
        ByteBuffer records = ByteBuffer.allocate(message.remaining() * 6 + 5);
        while (message.hasRemaining()) {
            int length = Math.min(record, message.remaining());
            records.put((byte) 22).putShort((short) 0x301).putShort((short) length);
            records.put(message.slice(message.position(), length));
            message.position(message.position() + length);
        }
        byte[] all = new byte[records.flip().remaining()];
        records.get(all);
        return all;
    }

    private static void extension(ByteBuffer out, int type, ByteBuffer data) {
        out.putShort((short) type).putShort((short) data.remaining()).put(data);
    }
}
