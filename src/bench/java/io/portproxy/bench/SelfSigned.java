package io.portproxy.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;

/**
 * A key and a self-signed certificate, made without an external tool: a thousand of them take a second or two.
 *
 * @param pem the file with the certificate, followed by the key
 */
record SelfSigned(Path pem) {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BITS = 0x03;
    private static final int OCTETS = 0x04;
    private static final int UTF8 = 0x0c;
    private static final int TIME = 0x18;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int DNS_NAME = 0x82;

    private static final byte[] ECDSA_WITH_SHA256 = {0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
    private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = {0x06, 0x03, 0x55, 0x1d, 0x11};

    /** Makes a certificate for a DNS name, which may begin with {@code *.}. It is valid from yesterday, for 30 days. */
    static SelfSigned make(Lab lab, String file, String name) throws IOException, BenchException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            byte[] body = body(name, keys.getPublic().getEncoded());
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] whole = der(SEQUENCE, body, algorithm(), bits(signature.sign()));
            String key = text("PRIVATE KEY", keys.getPrivate().getEncoded());
            return new SelfSigned(lab.write(file, text("CERTIFICATE", whole) + key));
        } catch (GeneralSecurityException e) {
            throw new BenchException("cannot make a certificate", e);
        }
    }

    /** Returns the part of the certificate that is signed (RFC 5280). */
    private static byte[] body(String name, byte[] publicKey) {
        byte[] common = name.getBytes(StandardCharsets.UTF_8);
        byte[] subject = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, common))));
        ZonedDateTime from = ZonedDateTime.now(ZoneOffset.UTC).minusDays(1);
        byte[] names = der(OCTETS, der(SEQUENCE, der(DNS_NAME, common)));
        return der(
                SEQUENCE,
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(
                        INTEGER,
                        BigInteger.valueOf(System.nanoTime() & Long.MAX_VALUE).toByteArray()),
                algorithm(),
                subject,
                der(SEQUENCE, time(from), time(from.plusDays(30))),
                subject,
                publicKey,
                der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, SUBJECT_ALTERNATIVE_NAME, names))));
    }

    private static byte[] algorithm() {
        return der(SEQUENCE, ECDSA_WITH_SHA256);
    }

    private static byte[] time(ZonedDateTime time) {
        String text = time.format(DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'"));
        return der(TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bits(byte[] bytes) {
        return der(BITS, new byte[1], bytes);
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 256) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 128) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static String text(String what, byte[] bytes) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
    }
}
