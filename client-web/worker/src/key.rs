//! The platform's key: 32 random bytes sealed under a WebCrypto key that cannot be extracted, both
//! in IndexedDB. Whoever copies the disk gets a handle the browser must honour, not the bytes.

use crate::words_of;
use interface::CannotStart;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use replica::PlatformKey;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbRequest, IdbTransaction, SubtleCrypto,
};
use zeroize::Zeroizing;

const DATABASE: &str = "lamplight";
const STORE: &str = "keys";
const ROW: &str = "device";

/// The platform's key of this browser profile. `None` when there is none, or none that opens: the
/// browser threw it away, as it does with a damaged database without a word.
///
/// # Errors
/// The browser keeps nothing, or its storage refused.
pub(crate) async fn find() -> Result<Option<PlatformKey>, CannotStart> {
    let database = open().await?;
    let row = get(&database).await.map_err(|error| failed(&error))?;
    let subtle = subtle().map_err(|error| failed(&error))?;
    if row.is_undefined() {
        return Ok(None);
    }
    let bytes = unseal(&subtle, &row).await;
    Ok(bytes.ok().map(|bytes| PlatformKey::from_bytes(&bytes)))
}

/// Makes a key, in place of one that may have been there.
///
/// # Errors
/// No random numbers, or the browser's storage refused.
pub(crate) async fn make() -> Result<PlatformKey, CannotStart> {
    let database = open().await?;
    let mut bytes = Zeroizing::new([0u8; 32]);
    let mut iv = [0u8; 12];
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| CannotStart::NoRandom)?;
    getrandom::fill(&mut iv).map_err(|_| CannotStart::NoRandom)?;
    let kept = seal_and_put(&database, &bytes, &iv).await;
    kept.map_err(|error| failed(&error))?;
    Ok(PlatformKey::from_bytes(&bytes))
}

fn failed(error: &JsValue) -> CannotStart {
    CannotStart::Storage {
        said: words_of(error),
    }
}

async fn seal_and_put(
    database: &IdbDatabase,
    bytes: &[u8; 32],
    iv: &[u8; 12],
) -> Result<(), JsValue> {
    let subtle = subtle()?;
    let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
    let kind = Object::new();
    Reflect::set(&kind, &"name".into(), &"AES-GCM".into())?;
    Reflect::set(&kind, &"length".into(), &256.into())?;
    let key = JsFuture::from(subtle.generate_key_with_object(&kind, false, &uses)?).await?;
    let plain = Zeroizing::new(bytes.to_vec());
    let sealed =
        subtle.encrypt_with_object_and_u8_array(&algorithm(iv)?, key.unchecked_ref(), &plain)?;
    let sealed = JsFuture::from(sealed).await?;
    let row = Object::new();
    Reflect::set(&row, &"key".into(), &key)?;
    Reflect::set(&row, &"iv".into(), &Uint8Array::from(iv.as_slice()))?;
    Reflect::set(&row, &"sealed".into(), &Uint8Array::new(&sealed))?;
    put(database, &row).await
}

async fn unseal(subtle: &SubtleCrypto, row: &JsValue) -> Result<Zeroizing<[u8; 32]>, JsValue> {
    let key = Reflect::get(row, &"key".into())?;
    let iv = Uint8Array::new(&Reflect::get(row, &"iv".into())?).to_vec();
    let sealed = Uint8Array::new(&Reflect::get(row, &"sealed".into())?).to_vec();
    let opened =
        subtle.decrypt_with_object_and_u8_array(&algorithm(&iv)?, key.unchecked_ref(), &sealed)?;
    let opened = Uint8Array::new(&JsFuture::from(opened).await?);
    let mut bytes = Zeroizing::new([0u8; 32]);
    if opened.length() != 32 {
        return Err(JsValue::UNDEFINED);
    }
    opened.copy_to(bytes.as_mut_slice());
    opened.fill(0, 0, 32);
    Ok(bytes)
}

fn algorithm(iv: &[u8]) -> Result<Object, JsValue> {
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"AES-GCM".into())?;
    Reflect::set(&algorithm, &"iv".into(), &Uint8Array::from(iv))?;
    Ok(algorithm)
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    Ok(crate::scope().crypto()?.subtle())
}

async fn open() -> Result<IdbDatabase, CannotStart> {
    let factory = crate::scope()
        .indexed_db()
        .map_err(|error| failed(&error))?;
    let factory: IdbFactory = factory.ok_or(CannotStart::NothingKept)?;
    let request: IdbOpenDbRequest = factory
        .open_with_u32(DATABASE, 1)
        .map_err(|error| failed(&error))?;
    let upgrading = request.clone();
    let upgrade = Closure::once(move || {
        if let Ok(database) = upgrading.result() {
            let _ = database
                .unchecked_into::<IdbDatabase>()
                .create_object_store(STORE);
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let database = settled(&request).await.map_err(|error| failed(&error))?;
    Ok(database.unchecked_into())
}

async fn get(database: &IdbDatabase) -> Result<JsValue, JsValue> {
    let store = database.transaction_with_str(STORE)?.object_store(STORE)?;
    settled(&store.get(&ROW.into())?).await
}

/// Writes the row; durable when this returns (IndexedDB's default would not be).
async fn put(database: &IdbDatabase, row: &Object) -> Result<(), JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &"strict".into())?;
    let begin: js_sys::Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
    let transaction: IdbTransaction = begin
        .call3(database, &STORE.into(), &"readwrite".into(), &options)?
        .unchecked_into();
    transaction
        .object_store(STORE)?
        .put_with_key(row, &ROW.into())?;
    let done = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
        transaction.set_onerror(Some(&reject));
    });
    JsFuture::from(done).await.map(drop)
}

/// The result of a request, once it is there.
async fn settled(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    // What the event of an error holds is the request, which says why.
    JsFuture::from(done).await.map_err(|_| said(request))?;
    request.result()
}

fn said(request: &IdbRequest) -> JsValue {
    let error = request.error().ok().flatten();
    error.map_or(JsValue::UNDEFINED, |error| {
        JsValue::from_str(&error.message())
    })
}
