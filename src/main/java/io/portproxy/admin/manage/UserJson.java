package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.admin.security.AdminSettings;
import io.portproxy.manage.StoredUser;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;

/**
 * A user of the admin API.
 *
 * @param name the user's name
 * @param role what the user may do: {@code viewer}, {@code operator} or {@code admin}
 * @param origin {@code file}: declared in portproxy.admin.users, where it is changed; {@code store}: added here
 * @param created when the user was added; left out for a user of a file
 */
@Schema(name = "User")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record UserJson(String name, String role, String origin, Optional<Instant> created) {
    static UserJson of(AdminSettings.User user) {
        return new UserJson(user.name(), user.rights().key(), "file", Optional.empty());
    }

    static UserJson of(StoredUser user) {
        return new UserJson(user.name(), user.role(), "store", Optional.of(user.created()));
    }
}
