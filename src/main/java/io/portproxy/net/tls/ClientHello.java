package io.portproxy.net.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The first message of a TLS client, in plain text (RFC 8446, section 4.1.2).
 *
 * @param serverName the name that the client asks for (RFC 6066, section 3), as the client wrote it; empty if there is
 *     none
 * @param protocols the protocols that the client offers inside TLS (ALPN, RFC 7301), the most preferred first
 */
public record ClientHello(Optional<String> serverName, List<String> protocols) {
    private static final int CLIENT_HELLO = 1;
    private static final int MESSAGE_HEADER = 4;
    private static final int RANDOM = 2 + 32; // including the version before it
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;
    private static final int HOST_NAME = 0;

    public ClientHello {
        protocols = List.copyOf(protocols);
    }

    /**
     * Reads a ClientHello.
     *
     * @param first a connection's first bytes, from its position on, cut anywhere and in any number of records; not
     *     changed
     * @param most the most bytes that it may have
     * @return empty if more bytes are needed
     * @throws NotTlsException if it is no ClientHello, or has more bytes; the message says what it is instead
     */
    public static Optional<ClientHello> read(ByteBuffer first, int most) throws NotTlsException {
        ByteBuffer records = first.slice();
        if (records.hasRemaining() && !TlsRecords.isTlsType(records.get(0))) {
            if (!TlsRecords.isTelling(records)) {
                return Optional.empty();
            }
            throw new NotTlsException(TlsRecords.describePlain(records));
        }
        ByteBuffer message = ByteBuffer.allocate(Math.min(records.remaining(), most));
        int wanted = MESSAGE_HEADER;
        while (message.position() < wanted) {
            if (records.remaining() < TlsRecords.HEADER) {
                return more(first, most);
            }
            int type = records.get();
            records.position(records.position() + 2);
            int length = Short.toUnsignedInt(records.getShort());
            if (type != TlsRecords.HANDSHAKE || length == 0) {
                throw new NotTlsException("it begins TLS with something else than a ClientHello");
            }
            int there = Math.min(length, records.remaining());
            if (message.remaining() < there) {
                throw tooLong(most);
            }
            message.put(message.position(), records, records.position(), there).position(message.position() + there);
            records.position(records.position() + there);
            if (message.position() >= MESSAGE_HEADER) {
                wanted = MESSAGE_HEADER + bodyLength(message, most);
            }
            if (there < length && message.position() < wanted) {
                return more(first, most);
            }
        }
        try {
            return Optional.of(body(message.flip().limit(wanted).position(MESSAGE_HEADER)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | java.nio.BufferUnderflowException e) {
            throw new NotTlsException("its ClientHello is malformed");
        }
    }

    private static Optional<ClientHello> more(ByteBuffer first, int most) throws NotTlsException {
        if (first.remaining() >= most) {
            throw tooLong(most);
        }
        return Optional.empty();
    }

    private static NotTlsException tooLong(int most) {
        return new NotTlsException("its ClientHello has more than " + most + " bytes");
    }

    private static int bodyLength(ByteBuffer message, int most) throws NotTlsException {
        int head = message.getInt(0);
        if (head >>> 24 != CLIENT_HELLO) {
            throw new NotTlsException("it begins TLS with something else than a ClientHello");
        }
        int length = head & 0xffffff;
        if (length + MESSAGE_HEADER > most) {
            throw tooLong(most);
        }
        return length;
    }

    private static ClientHello body(ByteBuffer body) {
        body.position(body.position() + RANDOM);
        skip(body, Byte.toUnsignedInt(body.get())); // the session to resume
        skip(body, Short.toUnsignedInt(body.getShort())); // cipher suites
        skip(body, Byte.toUnsignedInt(body.get())); // compression
        Optional<String> name = Optional.empty();
        List<String> protocols = List.of();
        if (body.hasRemaining()) {
            ByteBuffer extensions = part(body, Short.toUnsignedInt(body.getShort()));
            while (extensions.hasRemaining()) {
                int type = Short.toUnsignedInt(extensions.getShort());
                ByteBuffer extension = part(extensions, Short.toUnsignedInt(extensions.getShort()));
                if (type == SERVER_NAME) {
                    name = serverName(extension);
                } else if (type == ALPN) {
                    protocols = protocols(extension);
                }
            }
        }
        return new ClientHello(name, protocols);
    }

    private static Optional<String> serverName(ByteBuffer extension) {
        ByteBuffer names = part(extension, Short.toUnsignedInt(extension.getShort()));
        while (names.hasRemaining()) {
            int type = names.get();
            ByteBuffer name = part(names, Short.toUnsignedInt(names.getShort()));
            if (type == HOST_NAME) {
                return Optional.of(text(name));
            }
        }
        return Optional.empty();
    }

    private static List<String> protocols(ByteBuffer extension) {
        ByteBuffer all = part(extension, Short.toUnsignedInt(extension.getShort()));
        List<String> found = new ArrayList<>();
        while (all.hasRemaining()) {
            found.add(text(part(all, Byte.toUnsignedInt(all.get()))));
        }
        return found;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }

    private static void skip(ByteBuffer bytes, int length) {
        bytes.position(bytes.position() + length);
    }

    private static ByteBuffer part(ByteBuffer bytes, int length) {
        ByteBuffer part = bytes.slice(bytes.position(), length);
        skip(bytes, length);
        return part;
    }
}
