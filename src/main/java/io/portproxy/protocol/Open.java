package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A new stream. Each text is UTF-8 without control characters.
 *
 * @param identity the identity of the stream, 0 to {@link Identity#MAX}
 * @param targetPort 0 to 65535, as it was on the wire; 1 to 65535 can be sent, and also 0 if the target host is a unix
 *     socket
 * @param targetHost the target's host as the remote sees it, 1 to 255 bytes; empty for the remote's loopback address
 * @param userAddress the user's {@code host:port} or {@code [v6]:port}, 1 to 64 bytes
 * @param exposedAddress the address that the user connected to, in the same form
 * @param transport the transport of the exposed port, {@code tcp}, {@code http} or {@code udp}, 1 to 16 bytes
 * @param portName the exposed port's name in the configuration, at most 255 bytes
 * @param firstBytes the bytes that the remote writes to the target before all others, 1 to {@value #MAX_FIRST_BYTES}
 *     bytes; only in a tunnel with {@link Features#FIRST_BYTES}
 */
public record Open(
        long identity,
        int targetPort,
        Optional<String> targetHost,
        Optional<String> userAddress,
        Optional<String> exposedAddress,
        Optional<String> transport,
        Optional<String> portName,
        Optional<OpaqueBytes> firstBytes) {

    /** The length of the longest address in bytes. */
    public static final int MAX_ADDRESS_LENGTH = 64;

    /** The transport of a stream that carries datagrams. */
    public static final String UDP = "udp";

    /** The highest number of first bytes. */
    public static final int MAX_FIRST_BYTES = 512;

    private static final int FIRST_BYTES = 6; // the type of the field

    static final int MAX_TRANSPORT_LENGTH = 16;
    static final int MIN_BODY = Wire.IDENTITY_LENGTH + 2;

    /** The length in bytes of a field's type and length. */
    static final int FIELD_HEAD = 2 + 2;

    /**
     * The longest Open in bytes that this program sends without first bytes: every other field has its greatest length.
     */
    static final int MAX_LENGTH_SENT = Wire.EXTENDED_HEAD
            + Wire.IDENTITY_LENGTH
            + 2
            + 5 * FIELD_HEAD
            + 2 * Wire.MAX_NAME_LENGTH
            + 2 * MAX_ADDRESS_LENGTH
            + MAX_TRANSPORT_LENGTH;

    /** The fields after the target port, with their types and the limits of their lengths in bytes. */
    private enum Field {
        TARGET_HOST(1, 1, Wire.MAX_NAME_LENGTH, "a target host"),
        USER_ADDRESS(2, 1, MAX_ADDRESS_LENGTH, "a user's address"),
        EXPOSED_ADDRESS(3, 1, MAX_ADDRESS_LENGTH, "an exposed address"),
        TRANSPORT(4, 1, MAX_TRANSPORT_LENGTH, "a transport"),
        PORT_NAME(5, 0, Wire.MAX_NAME_LENGTH, "a port's name");

        private static final Field[] ALL = values();

        private final int type;
        private final int min;
        private final int max;
        private final String what;

        Field(int type, int min, int max, String what) {
            this.type = type;
            this.min = min;
            this.max = max;
            this.what = what;
        }
    }

    public Open {
        Identity.check(identity);
        InstructionBody.checkUnsigned16(targetPort, "target port");
        check(Field.TARGET_HOST, targetHost);
        check(Field.USER_ADDRESS, userAddress);
        check(Field.EXPOSED_ADDRESS, exposedAddress);
        check(Field.TRANSPORT, transport);
        check(Field.PORT_NAME, portName);
        firstBytes.ifPresent(bytes -> {
            if (bytes.length() == 0 || bytes.length() > MAX_FIRST_BYTES) {
                throw new IllegalArgumentException("first bytes: " + bytes.length());
            }
        });
    }

    /** Creates an Open without first bytes. */
    public Open(
            long identity,
            int targetPort,
            Optional<String> targetHost,
            Optional<String> userAddress,
            Optional<String> exposedAddress,
            Optional<String> transport,
            Optional<String> portName) {
        this(identity, targetPort, targetHost, userAddress, exposedAddress, transport, portName, Optional.empty());
    }

    /** Returns the most bytes that the whole instruction can have. */
    public int maxLength() {
        return MAX_LENGTH_SENT
                + firstBytes.map(bytes -> FIELD_HEAD + bytes.length()).orElse(0);
    }

    /** Creates an Open for a port of the remote's loopback address, without further fields. */
    public static Open of(long identity, int targetPort) {
        return new Open(
                identity,
                targetPort,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Returns whether the stream carries datagrams. */
    public boolean isDatagrams() {
        return transport.equals(Optional.of(UDP));
    }

    /** Puts the whole instruction into {@code out}, which must have {@link #maxLength} bytes of room. */
    void encode(ByteBuffer out) {
        int start = out.position();
        out.putShort((short) Wire.OPEN).putInt(0);
        Identity.put(out, identity);
        out.putShort((short) targetPort);
        put(out, Field.TARGET_HOST, targetHost);
        put(out, Field.USER_ADDRESS, userAddress);
        put(out, Field.EXPOSED_ADDRESS, exposedAddress);
        put(out, Field.TRANSPORT, transport);
        put(out, Field.PORT_NAME, portName);
        firstBytes.ifPresent(bytes -> {
            out.putShort((short) FIRST_BYTES).putShort((short) bytes.length());
            bytes.write(out);
        });
        out.putInt(start + Wire.CODE_LENGTH, out.position() - start - Wire.EXTENDED_HEAD);
    }

    /** Decodes a body of at least {@link #MIN_BODY} bytes. Skips unknown fields. */
    static Open decode(ByteBuffer body) throws ProtocolException {
        long identity = Identity.at(body, body.position());
        body.position(body.position() + Wire.IDENTITY_LENGTH);
        int targetPort = Short.toUnsignedInt(body.getShort());
        Map<Field, String> texts = new EnumMap<>(Field.class);
        Optional<OpaqueBytes> firstBytes = Optional.empty();
        while (body.hasRemaining()) {
            Optional<OpaqueBytes> found = decodeField(body, texts);
            if (found.isPresent() && firstBytes.isPresent()) {
                throw new ProtocolException("an Open with first bytes twice");
            }
            firstBytes = firstBytes.or(() -> found);
        }
        return new Open(
                identity,
                targetPort,
                Optional.ofNullable(texts.get(Field.TARGET_HOST)),
                Optional.ofNullable(texts.get(Field.USER_ADDRESS)),
                Optional.ofNullable(texts.get(Field.EXPOSED_ADDRESS)),
                Optional.ofNullable(texts.get(Field.TRANSPORT)),
                Optional.ofNullable(texts.get(Field.PORT_NAME)),
                firstBytes);
    }

    /** Decodes a field. Returns its value if it contains first bytes; puts a text into {@code texts}. */
    private static Optional<OpaqueBytes> decodeField(ByteBuffer body, Map<Field, String> texts)
            throws ProtocolException {
        if (body.remaining() < FIELD_HEAD) {
            throw new ProtocolException("an Open that ends within a field's type and length");
        }
        int type = Short.toUnsignedInt(body.getShort());
        int length = Short.toUnsignedInt(body.getShort());
        if (length > body.remaining()) {
            throw new ProtocolException(
                    "a field of " + length + " bytes in an Open with " + body.remaining() + " left");
        }
        ByteBuffer value = body.slice(body.position(), length);
        body.position(body.position() + length);
        for (Field field : Field.ALL) {
            if (field.type == type && texts.put(field, decode(field, value)) != null) {
                throw new ProtocolException("an Open with " + field.what + " twice");
            }
        }
        return type == FIRST_BYTES ? Optional.of(firstBytes(value)) : Optional.empty();
    }

    private static OpaqueBytes firstBytes(ByteBuffer value) throws ProtocolException {
        if (!value.hasRemaining() || value.remaining() > MAX_FIRST_BYTES) {
            throw new ProtocolException(
                    "first bytes of " + value.remaining() + " bytes; they must be 1 to " + MAX_FIRST_BYTES + " bytes");
        }
        return OpaqueBytes.read(value, value.remaining());
    }

    /**
     * Decodes a text. Replaces invisible characters in all texts but the target host, because those are only displayed.
     */
    private static String decode(Field field, ByteBuffer value) throws ProtocolException {
        String text = WireText.decode(value, field.min, field.max, field.what);
        return field == Field.TARGET_HOST ? text : Printable.of(text);
    }

    /** Puts a text that the constructor has checked. */
    private static void put(ByteBuffer out, Field field, Optional<String> text) {
        if (text.isPresent()) {
            byte[] value = text.get().getBytes(StandardCharsets.UTF_8);
            out.putShort((short) field.type).putShort((short) value.length).put(value);
        }
    }

    private static void check(Field field, Optional<String> text) {
        if (text.isPresent()) {
            WireText.encode(text.get(), field.min, field.max, field.what);
        }
    }
}
