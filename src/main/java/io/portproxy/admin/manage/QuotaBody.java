package io.portproxy.admin.manage;

import io.portproxy.manage.QuotaDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;

/**
 * How many bytes may pass, in both directions together; then users are refused until the next hour, day or month.
 *
 * @param bytes how many bytes, as in {@code 100GB}
 * @param per in what: an {@code hour}, a {@code day} or a {@code month} of the calendar, in UTC. Default: month
 */
@Schema(name = "Quota")
public record QuotaBody(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String bytes, String per) {
    /** What a definition says. */
    public static Optional<QuotaBody> of(Optional<QuotaDefinition> quota) {
        return quota.map(there -> new QuotaBody(there.bytes(), there.per()));
    }
}
