package io.portproxy.net;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The names that a certificate gives its owner. The common name is read from the name's encoding (X.690, X.501) and not
 * from its text, whose escapes are easily got wrong.
 */
final class CertificateNames {
    private static final int DNS_NAME = 2; // RFC 5280, section 4.2.1.6
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03}; // 2.5.4.3

    private CertificateNames() {}

    /** The most specific common name of the subject, and the DNS names among the alternative ones; as they are. */
    static Set<String> of(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        commonName(certificate.getSubjectX500Principal().getEncoded()).ifPresent(names::add);
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (Integer.valueOf(DNS_NAME).equals(alternative.get(0))) {
                        names.add(String.valueOf(alternative.get(1)));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return Set.of(); // a certificate that is not well formed names nobody
        }
        return Set.copyOf(names);
    }

    /** The last common name of a DER-encoded name; empty also when that is not well formed. */
    static Optional<String> commonName(byte[] name) {
        try {
            Optional<String> found = Optional.empty();
            Der sets = new Der(name).enter(SEQUENCE);
            while (sets.hasMore()) {
                Der pairs = sets.enter(SET);
                while (pairs.hasMore()) {
                    Der pair = pairs.enter(SEQUENCE);
                    if (Arrays.equals(pair.value(OBJECT_IDENTIFIER), COMMON_NAME)) {
                        found = Optional.of(pair.text());
                    }
                }
            }
            return found;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A walk through DER. */
    private static final class Der {
        private final byte[] bytes;
        private int at;
        private final int end;

        Der(byte[] bytes) {
            this(bytes, 0, bytes.length);
        }

        private Der(byte[] bytes, int at, int end) {
            if (at > end || end > bytes.length) {
                throw new IllegalArgumentException("an element is longer than what it is in");
            }
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        boolean hasMore() {
            return at < end;
        }

        Der enter(int tag) {
            if (bytes[at] != tag) {
                throw new IllegalArgumentException("not the expected element");
            }
            return next();
        }

        byte[] value(int tag) {
            Der element = enter(tag);
            return Arrays.copyOfRange(bytes, element.at, element.end);
        }

        String text() {
            Charset charset = switch (bytes[at]) {
                case 0x0C -> StandardCharsets.UTF_8; // UTF8String
                case 0x1E -> StandardCharsets.UTF_16BE; // BMPString
                case 0x13, 0x16 -> StandardCharsets.US_ASCII; // PrintableString, IA5String
                case 0x14 -> StandardCharsets.ISO_8859_1; // TeletexString
                default -> throw new IllegalArgumentException("not a string");
            };
            return new String(value(bytes[at]), charset);
        }

        private Der next() {
            int length = Byte.toUnsignedInt(bytes[at + 1]);
            int start = at + 2;
            if (length > 0x7F) {
                int lengthBytes = length & 0x7F;
                if (lengthBytes < 1 || lengthBytes > 3) {
                    throw new IllegalArgumentException("a length that is not of DER, or absurd");
                }
                length = 0;
                for (int i = 0; i < lengthBytes; i++) {
                    length = length << 8 | Byte.toUnsignedInt(bytes[start++]);
                }
            }
            Der element = new Der(bytes, start, Math.min(start + length, end));
            if (start + length > end) {
                throw new IllegalArgumentException("an element is longer than what it is in");
            }
            at = start + length;
            return element;
        }
    }
}
