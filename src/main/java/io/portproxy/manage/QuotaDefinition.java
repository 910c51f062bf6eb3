package io.portproxy.manage;

/**
 * A limit for the bytes that pass in a period, as an operator configures it. The values are not checked. The names are those of the API's
 * JSON, and the store keeps the definition under these names.
 *
 * @param bytes a size, for example {@code 100GB}
 * @param per the period: {@code hour}, {@code day} or {@code month}
 */
public record QuotaDefinition(String bytes, String per) {
    /** The default of {@link #per}. */
    public static final String DEFAULT_PER = "month";

    public QuotaDefinition {
        bytes = bytes == null ? "" : bytes;
        per = per == null ? DEFAULT_PER : per;
    }
}
