package io.portproxy.admin.security;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/** What a user may do. Each role includes what the roles before it may do. */
public enum Rights {
    /** Looks. */
    VIEWER,
    /** Closes connections and disconnects remotes. */
    OPERATOR,
    /** Changes what there is. */
    ADMIN;

    /** What others may not even see: secrets, and who may do what. */
    static final String[] FOR_ADMINS_ALONE = {
        "/api/v1/config/export", "/api/v1/config/export.yml", "/api/v1/users/**", "/api/v1/api-tokens/**"
    };

    private static final String PREFIX = "ROLE_";

    /** What one who has these is granted. */
    List<GrantedAuthority> authorities() {
        return AuthorityUtils.createAuthorityList(Arrays.stream(values())
                .filter(each -> each.compareTo(this) <= 0)
                .map(each -> PREFIX + each)
                .toArray(String[]::new));
    }

    /** Whether a user has them. */
    boolean has(@Nullable Authentication who) {
        return who != null
                && who.getAuthorities().stream()
                        .anyMatch(authority -> (PREFIX + this).equals(authority.getAuthority()));
    }

    /** Those of a user. */
    public static Rights of(Authentication who) {
        return ADMIN.has(who) ? ADMIN : OPERATOR.has(who) ? OPERATOR : VIEWER;
    }

    /** That of a key; empty if it is none. */
    public static Optional<Rights> find(String key) {
        return Arrays.stream(values())
                .filter(rights -> rights.key().equals(key))
                .findFirst();
    }

    /** That of a key that was kept. What is not known may only look. */
    static Rights ofKept(String key) {
        return find(key).orElse(VIEWER);
    }

    /** Whether only an admin may see what is at a path of the API. */
    public static boolean isForAdminsAlone(String path) {
        return Arrays.stream(FOR_ADMINS_ALONE)
                .map(pattern -> pattern.replace("/**", ""))
                .anyMatch(start -> path.equals(start) || path.startsWith(start + "/"));
    }

    /** As JSON has it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
