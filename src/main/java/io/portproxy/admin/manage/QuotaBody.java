package io.portproxy.admin.manage;

import io.portproxy.manage.QuotaDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;

/**
 * How many bytes may be carried, in both directions together. When they are used up, users are refused until the next
 * hour, day or month.
 *
 * @param bytes how many bytes, such as {@code 100GB}
 * @param per the period: {@code hour}, {@code day} or {@code month} of the calendar, in UTC. Default: month
 */
@Schema(name = "Quota")
public record QuotaBody(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String bytes, String per) {
    /** Returns the body for a definition. */
    public static Optional<QuotaBody> of(Optional<QuotaDefinition> quota) {
        return quota.map(there -> new QuotaBody(there.bytes(), there.per()));
    }
}
