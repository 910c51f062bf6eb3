package io.portproxy.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A header of the PROXY protocol, read as a receiver reads it that tolerates no mistake. It is written from the specification
 * (proxy-protocol.txt, 2.1 and 2.2) and not from the program.
 *
 * @param version 1 or 2
 * @param datagrams whether it is for datagrams
 * @param user the source
 * @param exposed the destination
 * @param fields the fields of version 2, by their types
 */
public record StrictProxyHeader(
        int version,
        boolean datagrams,
        InetSocketAddress user,
        InetSocketAddress exposed,
        Map<Integer, String> fields) {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final Pattern LINE =
            Pattern.compile("PROXY TCP([46]) ([0-9a-f.:]+) ([0-9a-f.:]+) (0|[1-9][0-9]{0,4}) (0|[1-9][0-9]{0,4})\r\n");

    /**
     * Reads one header, and no byte behind it.
     *
     * @throws IOException the header is not valid
     */
    public static StrictProxyHeader read(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        int first = in.readUnsignedByte();
        return first == 'P' ? v1(in) : v2(in, first);
    }

    private static StrictProxyHeader v1(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder("P");
        while (!line.toString().endsWith("\r\n")) {
            line.append((char) in.readUnsignedByte());
            check(line.length() <= 107, "too long: " + line);
        }
        Matcher parts = LINE.matcher(line);
        check(parts.matches(), line.toString());
        boolean v6 = parts.group(1).equals("6");
        return new StrictProxyHeader(
                1,
                false,
                address(parts.group(2), parts.group(4), v6),
                address(parts.group(3), parts.group(5), v6),
                Map.of());
    }

    private static InetSocketAddress address(String host, String port, boolean v6) throws IOException {
        check(v6 == host.contains(":"), host);
        check(v6 || List.of(host.split("\\.", -1)).size() == 4, host);
        check(Integer.parseInt(port) <= 65535, port);
        return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port));
    }

    private static StrictProxyHeader v2(DataInputStream in, int first) throws IOException {
        byte[] signature = new byte[SIGNATURE.length];
        signature[0] = (byte) first;
        in.readFully(signature, 1, signature.length - 1);
        check(Arrays.equals(signature, SIGNATURE), HexFormat.of().formatHex(signature));
        check(in.readUnsignedByte() == 0x21, "no version 2 with command PROXY");
        int kind = in.readUnsignedByte();
        int family = kind >> 4;
        int transport = kind & 0xf;
        check(family == 1 || family == 2, "family " + family);
        check(transport == 1 || transport == 2, "transport " + transport);
        byte[] body = new byte[in.readUnsignedShort()];
        in.readFully(body);
        DataInputStream rest = new DataInputStream(new ByteArrayInputStream(body));
        int length = family == 1 ? 4 : 16;
        InetAddress user = InetAddress.getByAddress(rest.readNBytes(length));
        InetAddress exposed = InetAddress.getByAddress(rest.readNBytes(length));
        int userPort = rest.readUnsignedShort();
        int exposedPort = rest.readUnsignedShort();
        Map<Integer, String> fields = new TreeMap<>();
        List<Integer> twice = new ArrayList<>();
        while (rest.available() > 0) {
            int type = rest.readUnsignedByte();
            byte[] value = new byte[rest.readUnsignedShort()];
            rest.readFully(value);
            if (fields.put(type, new String(value, UTF_8)) != null) {
                twice.add(type);
            }
        }
        check(twice.isEmpty(), "twice: " + twice);
        return new StrictProxyHeader(
                2,
                transport == 2,
                new InetSocketAddress(user, userPort),
                new InetSocketAddress(exposed, exposedPort),
                fields);
    }

    private static void check(boolean right, String what) throws IOException {
        if (!right) {
            throw new IOException("not a header of the PROXY protocol: " + what);
        }
    }

    /** Returns a header of version 1 for a user. */
    public static byte[] v1(String user, int port) {
        return ("PROXY " + (user.contains(":") ? "TCP6 " + user + " 2001:db8::1 " : "TCP4 " + user + " 192.0.2.200 ")
                        + port + " 443\r\n")
                .getBytes(US_ASCII);
    }

    /**
     * Returns a header of version 2 for a user.
     *
     * @param user the user's address in hexadecimal, of 4 or 16 bytes
     * @param fields the fields, in hexadecimal
     */
    public static byte[] v2(String user, int port, String fields) {
        String body = user
                + (user.length() == 8 ? "c00002c8" : "20010db8000000000000000000000001")
                + "%04x01bb".formatted(port)
                + fields;
        return HexFormat.of()
                .parseHex("0d0a0d0a000d0a515549540a21" + (user.length() == 8 ? "11" : "21")
                        + "%04x".formatted(body.length() / 2) + body);
    }
}
