package io.portproxy.store;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.ApiToken;
import io.portproxy.manage.StoredUser;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads and writes the users and tokens of the admin API as rows of tables. The caller runs each call in a transaction. */
final class AccountRows {
    private final JdbcClient client;

    AccountRows(JdbcTemplate template) {
        this.client = JdbcClient.create(template);
    }

    Accounts all() {
        List<StoredUser> users = client.sql("select * from admin_user")
                .query((row, number) -> new StoredUser(
                        row.getString("name"),
                        row.getString("role"),
                        row.getString("password"),
                        row.getObject("created", OffsetDateTime.class).toInstant()))
                .list();
        List<ApiToken> tokens = client.sql("select * from api_token order by ordinal")
                .query((row, number) -> new ApiToken(
                        row.getString("id"),
                        row.getString("label"),
                        row.getString("role"),
                        row.getString("hash"),
                        row.getObject("created", OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject("expires", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)))
                .list();
        return new Accounts(
                users.stream().sorted((a, b) -> a.name().compareTo(b.name())).toList(), tokens);
    }

    /** Replaces all rows. There are only a few. */
    void save(Accounts accounts) {
        client.sql("delete from admin_user").update();
        client.sql("delete from api_token").update();
        for (StoredUser user : accounts.users()) {
            client.sql("insert into admin_user (name, role, password, created) values (?, ?, ?, ?)")
                    .params(user.name(), user.role(), user.password(), RemoteRows.time(user.created()))
                    .update();
        }
        for (int ordinal = 0; ordinal < accounts.tokens().size(); ordinal++) {
            ApiToken token = accounts.tokens().get(ordinal);
            client.sql("insert into api_token (id, ordinal, label, role, hash, created, expires)"
                            + " values (?, ?, ?, ?, ?, ?, ?)")
                    .params(Arrays.<@Nullable Object>asList(
                            token.id(),
                            ordinal,
                            token.label(),
                            token.role(),
                            token.sha256(),
                            RemoteRows.time(token.created()),
                            token.expires().map(RemoteRows::time).orElse(null)))
                    .update();
        }
    }
}
