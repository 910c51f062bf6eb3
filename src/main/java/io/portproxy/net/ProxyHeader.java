package io.portproxy.net;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The header of the PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt). A proxy sends it before all else,
 * to say for whom it connects. The header is read only as far as it goes, so that no byte after it is taken.
 */
public final class ProxyHeader {
    /** The most bytes of a header of version 1, including its line end. */
    public static final int MAX_V1 = 107;

    /** The most bytes of a header of version 2 that are read. */
    public static final int MAX_V2 = 16 + 2048;

    /** The fewest bytes of any header: {@code PROXY UNKNOWN} and its line end. */
    private static final int LEAST = 15;

    private static final byte[] SIGNATURE_V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIGNATURE_V2 = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    private static final int HEAD_V2 = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int INET = 1;
    private static final int INET6 = 2;
    private static final int UNIX = 3;
    private static final int STREAM = 1;
    private static final int DATAGRAM = 2;
    private static final int UNIX_BYTES = 216;
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;

    private static final int ALPN = 0x01;
    private static final int AUTHORITY = 0x02;
    private static final int CRC32C = 0x03;
    private static final int UNIQUE_ID = 0x05;

    /** The version of the header to write. */
    public enum Version {
        /** A line of text with only the addresses. */
        V1,
        /** A binary header with the addresses and further fields. */
        V2;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Reports what is wrong with a header. */
    public static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(String message) {
            super(message);
        }
    }

    private ProxyHeader() {}

    // Reading a header.

    /**
     * Returns how many bytes a header lacks at least.
     *
     * @param read all bytes of it that have been read, from its position to its limit; not changed
     * @return 0 if the header is complete
     * @throws InvalidException if it is no header, or too long
     */
    public static int missing(ByteBuffer read) throws InvalidException {
        int length = read.remaining();
        boolean v1 = begins(read, SIGNATURE_V1);
        if (!v1 && !begins(read, SIGNATURE_V2)) {
            throw new InvalidException("it does not begin with a header of the PROXY protocol");
        } else if (length < LEAST) {
            return LEAST - length;
        }
        return v1 ? missingV1(read) : missingV2(read);
    }

    /** Returns whether the bytes are the beginning of a signature, or begin with it. */
    private static boolean begins(ByteBuffer read, byte[] signature) {
        int length = Math.min(read.remaining(), signature.length);
        return read.slice(read.position(), length).equals(ByteBuffer.wrap(signature, 0, length));
    }

    private static int missingV1(ByteBuffer read) throws InvalidException {
        int length = read.remaining();
        byte last = read.get(read.limit() - 1);
        if (last == '\n' && read.get(read.limit() - 2) == '\r') {
            return 0;
        }
        int least = last == '\r' ? 1 : 2;
        if (length + least > MAX_V1) {
            throw new InvalidException("its header of version 1 has no end within " + MAX_V1 + " bytes");
        }
        return least;
    }

    private static int missingV2(ByteBuffer read) throws InvalidException {
        int length = read.remaining();
        if (length < HEAD_V2) {
            return HEAD_V2 - length;
        }
        int whole = HEAD_V2 + Short.toUnsignedInt(read.getShort(read.position() + HEAD_V2 - 2));
        if (whole > MAX_V2) {
            throw new InvalidException("its header of version 2 has " + whole + " bytes, more than " + MAX_V2);
        }
        return whole - length;
    }

    /**
     * Returns the address of the user for whom a complete header says that the proxy has connected.
     *
     * @param header all of it and nothing else; not changed
     * @return empty if the connection is for nobody else than the peer that has connected (LOCAL, UNKNOWN, or a unix
     *     socket)
     * @throws InvalidException if the header is malformed
     */
    public static Optional<InetSocketAddress> user(ByteBuffer header) throws InvalidException {
        byte[] bytes = new byte[header.remaining()];
        header.duplicate().get(bytes);
        return bytes[0] == SIGNATURE_V1[0] ? userV1(bytes) : userV2(ByteBuffer.wrap(bytes));
    }

    private static Optional<InetSocketAddress> userV1(byte[] bytes) throws InvalidException {
        String line = new String(bytes, 0, bytes.length - 2, StandardCharsets.ISO_8859_1);
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return Optional.empty(); // whatever follows it
        }
        boolean v6 = words[1].equals("TCP6");
        if (words.length != 6 || !(v6 || words[1].equals("TCP4"))) {
            throw new InvalidException("its header of version 1 is malformed");
        }
        address(words[3], v6);
        port(words[5]);
        return Optional.of(new InetSocketAddress(address(words[2], v6), port(words[4])));
    }

    private static InetAddress address(String text, boolean v6) throws InvalidException {
        return Optional.of(text)
                .filter(there -> v6 == there.indexOf(':') >= 0 && there.indexOf('%') < 0)
                .filter(there -> v6 || there.equals(plain(there)))
                .flatMap(NumericAddress::parse)
                .orElseThrow(() -> new InvalidException("its header of version 1 has a malformed address"));
    }

    /** Removes leading zeros, which some programs read as octal. */
    private static String plain(String v4) {
        return v4.replaceAll("(^|\\.)0+(?=\\d)", "$1");
    }

    private static int port(String text) throws InvalidException {
        if (!text.matches("0|[1-9]\\d{0,4}") || Integer.parseInt(text) > 0xffff) {
            throw new InvalidException("its header of version 1 has a malformed port");
        }
        return Integer.parseInt(text);
    }

    private static Optional<InetSocketAddress> userV2(ByteBuffer header) throws InvalidException {
        int command = Byte.toUnsignedInt(header.get(12));
        if (command == LOCAL) {
            return Optional.empty();
        } else if (command != PROXY) {
            throw new InvalidException("its header is of another version than 1 and 2, or has an unknown command");
        }
        int family = Byte.toUnsignedInt(header.get(13)) >> 4;
        int transport = header.get(13) & 0xf;
        if (family > UNIX || transport > DATAGRAM) {
            throw new InvalidException("its header of version 2 has an unknown family or transport");
        }
        header.position(HEAD_V2);
        boolean known = (family == INET || family == INET6) && transport != 0;
        int length = family == INET ? V4_BYTES : V6_BYTES;
        int addresses = family == 0 || transport == 0 ? 0 : family == UNIX ? UNIX_BYTES : 2 * (length + 2);
        if (header.remaining() < addresses) {
            throw new InvalidException("its header of version 2 ends within the addresses");
        }
        Optional<InetSocketAddress> user = known ? Optional.of(address(header, length)) : Optional.empty();
        if (addresses > 0) {
            checkFields(header, HEAD_V2 + addresses);
        }
        return user;
    }

    private static InetSocketAddress address(ByteBuffer header, int length) throws InvalidException {
        byte[] bytes = new byte[length];
        header.get(HEAD_V2, bytes);
        int port = Short.toUnsignedInt(header.getShort(HEAD_V2 + 2 * length));
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port); // it is IPv4 if it is IPv4 in IPv6
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + length + " bytes", e);
        }
    }

    /** Skips all other fields, but checks that they are complete and that the checksum, if there is one, is right. */
    private static void checkFields(ByteBuffer header, int from) throws InvalidException {
        int at = from;
        while (at < header.limit()) {
            int value = at + 3;
            int length = value <= header.limit() ? Short.toUnsignedInt(header.getShort(at + 1)) : 0;
            if (value + length > header.limit()) {
                throw new InvalidException("its header of version 2 ends within a field");
            }
            if (header.get(at) == CRC32C && (length != Integer.BYTES || !isSum(header, value))) {
                throw new InvalidException("its header of version 2 has a wrong checksum");
            }
            at = value + length;
        }
    }

    private static boolean isSum(ByteBuffer header, int at) {
        byte[] bytes = new byte[header.limit()];
        header.get(0, bytes);
        Arrays.fill(bytes, at, at + Integer.BYTES, (byte) 0);
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue() == header.getInt(at);
    }

    /**
     * Detects whether bytes begin with a header's signature, where there should be none. Each connection needs one
     * object.
     */
    public static final class Watch {
        private int matchedV1;
        private int matchedV2;

        /** Returns whether all bytes so far, including these, begin with a signature. The buffer is not changed. */
        public boolean finds(ByteBuffer next) {
            for (int i = next.position(); i < next.limit() && !isOver(); i++) {
                matchedV1 = matched(SIGNATURE_V1, matchedV1, next.get(i));
                matchedV2 = matched(SIGNATURE_V2, matchedV2, next.get(i));
            }
            return isFound();
        }

        private static int matched(byte[] signature, int before, byte next) {
            return before >= 0 && before < signature.length && signature[before] == next ? before + 1 : -1;
        }

        private boolean isFound() {
            return matchedV1 == SIGNATURE_V1.length || matchedV2 == SIGNATURE_V2.length;
        }

        /** Returns whether the result is final. */
        public boolean isOver() {
            return isFound() || (matchedV1 < 0 && matchedV2 < 0);
        }
    }

    // Writing a header.

    /**
     * The two addresses of a connection.
     *
     * @param user the user's address
     * @param exposed the address that the user has connected to
     */
    public record Addresses(InetSocketAddress user, InetSocketAddress exposed) {
        private boolean areV4() {
            return isV4(user) && isV4(exposed);
        }
    }

    /**
     * Returns a header of version 1: a line with the addresses.
     *
     * @param addresses empty if they are not known
     */
    public static byte[] v1(Optional<Addresses> addresses) {
        String line = "PROXY " + addresses.map(ProxyHeader::words).orElse("UNKNOWN") + "\r\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    private static String words(Addresses known) {
        boolean v4 = known.areV4();
        return (v4 ? "TCP4 " : "TCP6 ") + text(known.user, v4) + " " + text(known.exposed, v4) + " "
                + known.user.getPort() + " " + known.exposed.getPort();
    }

    private static boolean isV4(InetSocketAddress address) {
        return address.getAddress().getAddress().length == V4_BYTES;
    }

    /** Returns an address as text. Both must be of one kind, so an IPv4 address may have to be written as IPv6. */
    private static String text(InetSocketAddress address, boolean v4) {
        String text = IpText.of(address.getAddress());
        return !v4 && isV4(address) ? "::ffff:" + text : text;
    }

    private static byte[] bytes(InetSocketAddress address, boolean v4) {
        byte[] bytes = address.getAddress().getAddress();
        if (v4 || bytes.length == V6_BYTES) {
            return bytes;
        }
        byte[] mapped = new byte[V6_BYTES];
        Arrays.fill(mapped, 10, 12, (byte) 0xff);
        System.arraycopy(bytes, 0, mapped, 12, V4_BYTES);
        return mapped;
    }

    /**
     * Returns a header of version 2 to write before each datagram.
     *
     * @param id identifies the session, at most 128 bytes
     */
    public static byte[] ofDatagrams(Addresses addresses, String id) {
        return v2(DATAGRAM, Optional.of(addresses), Optional.empty(), Optional.empty(), id);
    }

    /**
     * Returns a header of version 2 to write before the bytes of a connection.
     *
     * @param addresses empty if they are not known
     * @param alpn the protocol inside TLS; empty if it is not known
     * @param authority the name that the user has asked for, at most 255 bytes; empty if none
     * @param id identifies the connection, at most 128 bytes
     */
    public static byte[] v2(
            Optional<Addresses> addresses, Optional<String> alpn, Optional<String> authority, String id) {
        return v2(STREAM, addresses, alpn, authority, id);
    }

    private static byte[] v2(
            int transport,
            Optional<Addresses> addresses,
            Optional<String> alpn,
            Optional<String> authority,
            String id) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        addresses.ifPresent(known -> putAddresses(body, known));
        int kind = addresses
                .map(known -> (known.areV4() ? INET : INET6) << 4 | transport)
                .orElse(0);
        alpn.ifPresent(protocol -> putField(body, ALPN, protocol));
        authority.ifPresent(name -> putField(body, AUTHORITY, name));
        putField(body, UNIQUE_ID, id);
        return ByteBuffer.allocate(HEAD_V2 + body.size())
                .put(SIGNATURE_V2)
                .put((byte) PROXY)
                .put((byte) kind)
                .putShort((short) body.size())
                .put(body.toByteArray())
                .array();
    }

    private static void putAddresses(ByteArrayOutputStream out, Addresses known) {
        boolean v4 = known.areV4();
        out.writeBytes(bytes(known.user, v4));
        out.writeBytes(bytes(known.exposed, v4));
        putShort(out, known.user.getPort());
        putShort(out, known.exposed.getPort());
    }

    private static void putField(ByteArrayOutputStream out, int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.write(type);
        putShort(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void putShort(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }
}
