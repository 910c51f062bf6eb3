package io.portproxy.manage;

/**
 * How many bytes may pass, as a person describes it: nothing in it need be right. It has the names of the API's JSON, by which the store keeps it.
 *
 * @param bytes a size, as in {@code 100GB}
 * @param per {@code hour}, {@code day} or {@code month}
 */
public record QuotaDefinition(String bytes, String per) {
    /** Per what, where nothing is said. */
    public static final String DEFAULT_PER = "month";

    public QuotaDefinition {
        bytes = bytes == null ? "" : bytes;
        per = per == null ? DEFAULT_PER : per;
    }
}
