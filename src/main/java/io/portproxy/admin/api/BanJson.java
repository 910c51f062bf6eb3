package io.portproxy.admin.api;

import io.portproxy.net.IpText;
import io.portproxy.server.exposed.user.Bans;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * A banned address, which is refused at once until the ban ends.
 *
 * @param address the address; for IPv6, the first of the banned 64-bit network
 * @param until when the ban ends
 */
@Schema(name = "Ban")
record BanJson(String address, Instant until) {
    static BanJson of(Bans.Ban ban) {
        return new BanJson(IpText.of(ban.address()), ban.until());
    }
}
