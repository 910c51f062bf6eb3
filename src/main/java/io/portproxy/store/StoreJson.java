package io.portproxy.store;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON of data in the store. Contains the components of records, but no results of their methods. */
final class StoreJson {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultVisibility(checker -> checker.withIsGetterVisibility(Visibility.NONE))
            .build();

    /** For data that must be understood completely: an unknown part could restrict who may send requests. */
    static final JsonMapper STRICT = MAPPER.rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private StoreJson() {}
}
